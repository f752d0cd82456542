"""A rule as LaTeX: the lines of its equations, read off the nodes that its own code left."""

from optlib.parameters import PARAMETERS
from optlib.trace.nodes import Node, inputs_of, is_input, is_operation, subexpressions
from optlib.trace.record import trace_rule

STATE = {"v_max": r"v_{\max}"}  # of a rule's state, what is not its own name
SUM, PRODUCT, POWER, ATOM = range(4)  # how tightly an expression holds together


def letter(name):
    """The mathematical symbol of an input, such as η for ``hp.lr`` and v for ``s.v``."""
    owner, _, field = name.rpartition(".")
    plain = field.replace("_", r"\_")
    if owner == "s":
        return STATE.get(field, plain)
    return PARAMETERS[field].latex if owner and field in PARAMETERS else plain


class Latex:
    """Writes nodes as LaTeX; nodes in ``known`` are written as their symbol."""

    def __init__(self, known):
        self.known = known

    def write(self, node, at_least=SUM):
        """LaTeX of a node, in parentheses if it holds together less tightly than ``at_least``."""
        text, strength = self.expression(node)
        return text if strength >= at_least else rf"\left({text}\right)"

    def expression(self, node):
        if not isinstance(node, Node):
            return f"{node:g}", ATOM if node >= 0 else SUM
        if node in self.known:
            return self.known[node], ATOM
        if node.op == "input":
            return letter(node.args[0]), ATOM
        writer = getattr(self, f"_{node.op}", None)
        if writer is None:
            args = ", ".join(self.write(a) for a in node.args)
            return rf"\operatorname{{{node.op.replace('_', ' ')}}}({args})", ATOM
        return writer(*node.args)

    def _add(self, a, b):
        return f"{self.write(a)} + {self.write(b)}", SUM

    def _subtract(self, a, b):
        return f"{self.write(a)} - {self.write(b, PRODUCT)}", SUM

    def _negative(self, a):
        return f"-{self.write(a, PRODUCT)}", SUM

    def _multiply(self, a, b):
        if isinstance(a, Node) and a.op == "negative":
            return f"-{self._multiply(a.args[0], b)[0]}", SUM
        return rf"{self.write(a, PRODUCT)}\,{self.write(b, PRODUCT)}", PRODUCT

    def _divide(self, a, b):
        top = self.write(a)
        sign, top = ("-", top[1:]) if top.startswith("-") else ("", top)
        return rf"{sign}\frac{{{top}}}{{{self.write(b)}}}", SUM if sign else PRODUCT

    def _power(self, a, b):
        return f"{self.write(a, ATOM)}^{{{self.write(b)}}}", POWER

    def _square(self, a):
        return self._power(a, 2.0)

    def _sqrt(self, a):
        return rf"\sqrt{{{self.write(a)}}}", ATOM

    def _absolute(self, a):
        return rf"\left|{self.write(a)}\right|", ATOM

    def _maximum(self, a, b):
        return rf"\max({self.write(a)}, {self.write(b)})", ATOM

    def _minimum(self, a, b):
        return rf"\min({self.write(a)}, {self.write(b)})", ATOM

    def _sign(self, a):
        return rf"\operatorname{{sign}}({self.write(a)})", ATOM


def corrected(node, decays=("hp.beta1", "hp.beta2")):
    """The average inside ``average / (1 − βᵗ)``, or None if the node is something else."""
    if not is_operation(node, "divide"):
        return None
    average, weight = node.args
    if not is_operation(weight, "subtract") or weight.args[0] != 1.0:
        return None
    power = weight.args[1]
    if not is_operation(power, "power") or not is_input(power.args[1], "t"):
        return None
    return average if is_input(power.args[0], *decays) else None


def to_latex(opt):
    """Write a rule as aligned LaTeX lines: state updates with ←, then corrections, then Δx.

    Lines are ordered so that each symbol on the right has the value it has at that moment.
    """
    rule = trace_rule(opt)
    lines = {node: letter(f"s.{key}") for key, node in rule.state.items() if is_operation(node)}
    hats = {}
    for root in (rule.dx, *lines):
        for node in subexpressions(root):
            average = corrected(node)
            if average in lines:
                hats[node] = rf"\hat {lines[average]}"
    targets = lines | hats | {rule.dx: r"\Delta x"}
    old = {letter(f"s.{key}"): f"s.{key}" for key in rule.state}

    def needs(node):
        others = {k: v for k, v in targets.items() if k is not node}
        return set().union(*(inputs_of(a, others) for a in node.args))

    done, text = {}, []  # a dict, since nodes compare elementwise
    while len(done) < len(targets):
        for node, symbol in targets.items():
            if node in done:
                continue
            read = needs(node)
            ready = all(other in done for other in read if isinstance(other, Node))
            waits = [
                other
                for other in targets
                if other not in done
                and other is not node
                and old.get(symbol) in needs(other)
                and node in lines
            ]
            if ready and not waits:
                arrow = r"\leftarrow" if node in lines else "="
                text.append(f"{symbol} &{arrow} {Latex(done).write(node)}")
                done[node] = symbol
                break
        else:
            raise TypeError(f"{rule.name}: no order of lines has every symbol at its right value")
    return r"\begin{aligned} " + r" \\ ".join(text) + r" \end{aligned}"
