"""Run notebooks top to bottom and keep the outputs of their claims, nothing else.

    python book/claims.py chapters/01_gradient_descent.ipynb …

A claim is a cell tagged `nbval-check-output` and `keep_output`: it prints plain text, which
`pytest --nbval-lax` compares with what the cell prints then. Every other output is stripped, as by
`nbstripout --keep-count --keep-id`.
"""

import sys
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbstripout import strip_output

CLAIM_TAGS = {"nbval-check-output", "keep_output"}
METADATA = {
    "kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"},
    "language_info": {"name": "python", "pygments_lexer": "ipython3"},
}


def notebooks(root: Path) -> list[Path]:
    """Return every notebook of the course, wherever it stands under `chapters/`, in order."""
    found = sorted((root / "chapters").rglob("*.ipynb"))
    return [path for path in found if ".ipynb_checkpoints" not in path.parts]


def tags(cell) -> set[str]:
    """Return the tags of a cell."""
    return set(cell.metadata.get("tags", []))


def is_claim(cell) -> bool:
    """Say whether a cell carries either of the two tags of a claim."""
    return cell.cell_type == "code" and bool(tags(cell) & CLAIM_TAGS)


def faults(cell) -> list[str]:
    """Return what is wrong with an executed claim cell; an empty list if nothing is.

    A claim has both tags, an execution count, and outputs that are all plain text: standard output
    or a `text/plain` result. nbval rejects an output without a count, and silently passes a tagged
    cell that has neither.
    """
    found = []
    if missing := CLAIM_TAGS - tags(cell):
        found.append(f"lacks the tag {', '.join(sorted(missing))}")
    if cell.execution_count is None:
        found.append("has no execution count")
    if not cell.outputs:
        found.append("has no output")
    for output in cell.outputs:
        if output.output_type == "stream":
            if output.name != "stdout":
                found.append(f"writes to {output.name}: {output.text.strip()[:80]!r}")
        elif output.output_type in {"execute_result", "display_data"}:
            if others := set(output.data) - {"text/plain"}:
                found.append(f"shows {', '.join(sorted(others))}; a claim prints plain text only")
        else:
            found.append(f"has an output of type {output.output_type}")
    return found


def join_streams(outputs: list) -> list:
    """Return outputs with neighbouring pieces of the same stream joined: timing splits them."""
    joined = []
    for output in outputs:
        last = joined[-1] if joined else None
        if last and output.output_type == last.output_type == "stream" and output.name == last.name:
            last.text += output.text
        else:
            joined.append(output)
    return joined


def run(path: Path) -> list[str]:
    """Execute the notebook at `path` in its own folder, rewrite it, and return the faults found.

    Raises nbclient.exceptions.CellExecutionError if a cell fails; the file is then left as it was.
    """
    notebook = nbformat.read(path, as_version=4)
    notebook.nbformat_minor = max(notebook.nbformat_minor, 5)
    client = NotebookClient(
        notebook,
        timeout=600,
        kernel_name="python3",
        record_timing=False,
        resources={"metadata": {"path": str(path.parent)}},
    )
    client.execute()
    found = []
    for index, cell in enumerate(notebook.cells):
        if is_claim(cell):
            cell.outputs = join_streams(cell.outputs)
            found += [f"{path}: cell {index} ({cell.id}) {fault}" for fault in faults(cell)]
    stripped = strip_output(notebook, keep_output=False, keep_count=True, keep_id=True)
    stripped.metadata = nbformat.from_dict(METADATA)  # widgets' state would be ten times the text
    nbformat.validate(stripped)
    nbformat.write(stripped, path)
    return found


def main(paths: list[str]) -> int:
    """Run every notebook named; print faults; return the exit status."""
    if not paths:
        print(__doc__, file=sys.stderr)
        return 2
    found = []
    for path in map(Path, paths):
        if path.suffix != ".ipynb" or not path.exists():
            raise SystemExit(f"{path}: expected an existing .ipynb file")
        print(f"running {path}", flush=True)
        found += run(path.resolve())
    print("\n".join(found))
    return bool(found)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
