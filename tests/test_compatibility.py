"""optlib also runs in the browser, on Python 3.12, NumPy 2.0.2 and matplotlib 3.8.4: nothing newer.

The names below are the difference between those versions and the book's own, so a call that works
here and fails in a reader's browser is found without a browser.
"""

import ast
import sys
from pathlib import Path

import pytest

OPTLIB = Path(__file__).resolve().parent.parent / "optlib"
FILES = sorted(OPTLIB.rglob("*.py"))

# Attributes and imports: what came after, and what went away on the way to the book's versions
NUMPY = """unstack cumulative_sum cumulative_prod matvec vecmat trapz in1d row_stack""".split()
MATPLOTLIB = """
    okabe_ito berlin managua vanimo grouped_bar pie_label with_alpha align_titles
    Colorizer ColorizingArtist MultiNorm BivarColormap MultivarColormap SegmentedBivarColormap
    bivar_colormaps multivar_colormaps FillBetweenPolyCollection InsetIndicator
    get_xinverted set_xinverted get_yinverted set_yinverted get_xmargin get_ymargin
    get_hatchcolor set_hatchcolor get_hatch_linewidth set_hatch_linewidth get_edgegapcolor
    set_edgegapcolor get_fontfeatures set_fontfeatures set_language get_linespacing get_converter
    set_converter set_widths set_heights set_angles contains_branch_separately
    register_cmap unregister_cmap plot_date legendHandles tostring_rgb
    """.split()
PYTHON = """batched override deprecated TypeIs ReadOnly TypeAliasType
    distutils imp asynchat asyncore pkg_resources""".split()
KEYWORDS = """tick_labels colorizer axes_class delta_zorder num_arrows hatchcolors
    override_repr integration_max_step_scale auto_select""".split()
SETTINGS = """svg.id legend.linewidth text.language text.latex.engine image.interpolation_stage
    grid.major.color grid.major.linestyle grid.major.linewidth grid.major.alpha grid.minor.color
    font.enable_last_resort errorbar.capthick errorbar.elinewidth petroff10""".split()

BROWSER_HAS = {"numpy", "matplotlib", "anywidget", "ipywidgets", "traitlets", "IPython", "sympy"}


def too_new(source):
    """What a source text uses that one of the two places does not have, as (line, name)."""
    names = {*NUMPY, *MATPLOTLIB, *PYTHON}
    found = []
    for node in ast.walk(ast.parse(source, feature_version=(3, 11))):
        if isinstance(node, ast.Attribute) and node.attr in names:
            found.append((node.lineno, node.attr))
        elif isinstance(node, ast.Import | ast.ImportFrom):
            imported = [part for alias in node.names for part in alias.name.split(".")]
            imported += (getattr(node, "module", None) or "").split(".")
            found += [(node.lineno, name) for name in imported if name in names]
        elif isinstance(node, ast.Call):
            used = {keyword.arg for keyword in node.keywords}
            found += [(node.lineno, name) for name in sorted(used & set(KEYWORDS), key=str)]
        elif isinstance(node, ast.Constant) and node.value in SETTINGS:
            found.append((node.lineno, node.value))
    return found


def imported_at_the_top(source):
    """The packages that a module needs to be imported at all."""
    found = set()
    for node in ast.parse(source).body:
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found.add(node.module.split(".")[0])
    return found


def test_there_is_something_to_look_at():
    names = {path.relative_to(OPTLIB).as_posix() for path in FILES}
    assert {"optimizers.py", "trace/nodes.py", "live/panels/series.py"} <= names


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(OPTLIB)))
def test_nothing_newer_than_what_the_browser_has_is_used(path):
    assert too_new(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(OPTLIB)))
def test_nothing_is_imported_that_the_browser_lacks(path):
    needed = imported_at_the_top(path.read_text(encoding="utf-8"))
    assert needed - set(sys.stdlib_module_names) - {"optlib"} <= BROWSER_HAS


@pytest.mark.parametrize(
    "source",
    [
        "np.cumulative_sum(x)",
        "from numpy import unstack",
        "from itertools import batched",
        "import distutils.core",
        "cm.register_cmap(cmap=mine)",
        "ax.boxplot(x, tick_labels=names)",
        "mpl.rc_context({'svg.id': 'figure'})",
    ],
)
def test_the_lint_sees_what_is_too_new(source):
    assert too_new(source)


def test_syntax_of_python_312_is_refused():
    with pytest.raises(SyntaxError):
        too_new("type Point = tuple[float, float]")
