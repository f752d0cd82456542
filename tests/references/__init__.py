"""What the real libraries compute, recorded: fixed gradients in, the library's points out.

``load()`` gives the records; ``replay(record)`` sends a rule of optlib down the same gradients.
Nothing here needs a library installed: ``record.py`` wrote the two files, see README.md.
"""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

HERE = Path(__file__).resolve().parent
RECORDS = HERE / "records.json"
NUMBERS = HERE / "numbers.npz"


@dataclass(frozen=True, eq=False)
class Record:
    """One run of one library.

    ``rule`` names a class of ``optlib.optimizers`` and ``hyperparameters`` its fields;
    ``gradients`` has time first, ``x`` too and one entry more, the start. ``library`` ("paper" for
    a literal transcription), ``version`` and ``settings`` say who computed it and how it was asked.
    ``change`` is None, or ``(t, lr)``: from step t on the learning rate is that one.
    """

    rule: str
    hyperparameters: dict
    gradients: np.ndarray
    x: np.ndarray
    library: str
    version: str
    settings: str
    change: tuple | None = None

    @property
    def name(self):
        """A short name that no other record has."""
        steps = len(self.gradients)
        change = " lr changes" if self.change else ""
        return f"{self.rule} {self.library} {steps}{change} {self.settings.split('(')[0]}"


@cache
def load():
    """Return every record, as a tuple in the order in which they were written."""
    numbers = np.load(NUMBERS)
    records = []
    for entry in json.loads(RECORDS.read_text(encoding="utf-8")):
        entry["gradients"] = numbers[entry["gradients"]]
        entry["x"] = numbers[entry["x"]]
        entry["change"] = tuple(entry["change"]) if entry["change"] else None
        records.append(Record(**entry))
    return tuple(records)


def replay(rule, record):
    """Return the points that the class ``rule`` visits on a record's gradients, start included."""
    x = record.x[0]
    opt = rule(**record.hyperparameters)
    state = opt.init(x)
    path = [x]
    for t, g in enumerate(record.gradients, 1):
        if record.change and t == record.change[0]:
            opt = rule(**{**record.hyperparameters, "lr": record.change[1]})
        dx, state = opt.update(g, state, t, x)
        x = x + dx
        path.append(x)
    return np.array(path)


def difference(path, record):
    """Return the largest distance from a record's points, as a share of the way they went."""
    travelled = np.abs(record.x - record.x[0]).max(axis=0)
    return float((np.abs(path - record.x).max(axis=0) / travelled).max())
