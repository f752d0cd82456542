"""The functions of a figure: which rule has which, and their JavaScript, each kept once.

A figure's data hold every text of JavaScript once, in ``functions`` under a key; all else refers
to keys. The text is short-lived in a page's life: a built page has the same functions as a script.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from numbers import Real

from optlib.trace import trace_function


@dataclass(frozen=True)
class Quantity:
    """One function of one rule: the names it reads, and its JavaScript under a key.

    ``rule`` is a label, or None for a number that stands for all rules.
    """

    rule: str | None
    label: str
    function: Callable
    names: tuple
    key: str

    def spec(self, labels):
        """The quantity as data for the page; ``labels`` are those of the figure's rules."""
        run = None if self.rule is None else labels.index(self.rule)
        return {"run": run, "label": self.label, "key": self.key, "names": list(self.names)}


class Sources:
    """The JavaScript of a figure's functions, by key."""

    def __init__(self):
        self.texts = {}

    def key(self, text):
        """The key of a text, which is kept."""
        key = "f" + hashlib.sha256(text.encode()).hexdigest()[:10]
        self.texts[key] = text
        return key

    def quantity(self, rule, label, function):
        """A function of named numbers, or a number, as a Quantity."""
        if isinstance(function, Real):
            constant = float(function)
            return self.quantity(rule, label, lambda: constant)
        traced = trace_function(function)
        return Quantity(rule, label, function, traced.names, self.key(traced.js))

    def quantities(self, where, shot, given, only=None, **which):
        """The quantities of a panel, in order of labels, then of rules.

        ``given`` maps labels to a number, to a function of named numbers, or to a dict of one
        function for each rule that has the quantity; ``only`` maps labels to the rules that are
        meant. ``which`` says what may be read, see ``Shot.known``. Raises ValueError, naming the
        label, for rules that are not there and for names that no rule's run has.
        """
        rules, made = shot.model.labels, []
        for label, each in given.items():
            what = f"{where}: {label}"
            meant = asked(what, (only or {}).get(label, rules), rules)
            if isinstance(each, dict):
                mine = {rule: each[rule] for rule in asked(what, each, meant)}
            else:
                mine = dict.fromkeys(meant, each)
            found = [self.quantity(rule, label, function) for rule, function in mine.items()]
            for quantity in found:
                asked_of = [quantity.rule] if isinstance(each, dict) else meant
                shot.check_names(what, quantity.names, asked_of, **which)
            made += [q for q in found if shot.knows(q.rule, q.names, **which)]
        return made

    def levels(self, where, shot, given, only=None):
        """Quantities that do not change from step to step; a number is one for all rules."""
        made = []
        for label, each in given.items():
            if isinstance(each, Real):
                made.append(self.quantity(None, label, each))
            else:
                made += self.quantities(where, shot, {label: each}, only, each_step=False)
        return made


def asked(where, labels, rules):
    """Return one label or a list of them as a list, or raise ValueError for one that is no rule."""
    labels = [labels] if isinstance(labels, str) else list(labels)
    for label in labels:
        if label not in rules:
            raise ValueError(f"{where}: {label!r}; expected a label of {', '.join(rules)}")
    return labels
