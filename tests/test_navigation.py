"""Finding one's way on a page: menus, the mark in the contents, what is wider than the screen."""

import pytest
from playwright.sync_api import expect

PAGE = "chapters/02_momentum.html"
KINDS = [("primary", "Chapters"), ("secondary", "Contents of this page")]
FOCUSED = "document.activeElement.getAttribute('aria-label') ?? document.activeElement.textContent"


@pytest.fixture(params=["file", "http"])
def address(request, book, site):
    """Where the book is: as files, and served."""
    return book.as_uri() if request.param == "file" else site


def press(page, button, hand):
    """Press a button by mouse, by finger or by keyboard."""
    if hand == "mouse":
        button.click()
    elif hand == "touch":
        button.tap()
    else:
        button.focus()
        page.keyboard.press("Enter")


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("hand", ["mouse", "touch", "keyboard"])
@pytest.mark.parametrize(("kind", "name"), KINDS)
def test_on_a_phone_a_menu_opens_takes_the_focus_and_gives_it_back(
    address, new_page, kind, name, hand, theme
):
    page = new_page(width=360, theme=theme, has_touch=True)
    page.goto(f"{address}/{PAGE}")
    button = page.get_by_role("button", name=name)
    menu = page.locator(f"#pst-{kind}-sidebar-modal")
    expect(button).to_have_attribute("aria-expanded", "false")
    press(page, button, hand)
    assert menu.is_visible() and menu.locator("a").count() > 5
    expect(button).to_have_attribute("aria-expanded", "true")
    assert menu.evaluate("menu => menu.contains(document.activeElement)")
    page.keyboard.press("Escape")
    menu.wait_for(state="hidden")
    page.wait_for_function(f"({FOCUSED}) === '{name}'")
    expect(button).to_have_attribute("aria-expanded", "false")
    press(page, button, hand)  # a second time, and by its own button
    press(page, menu.get_by_role("button", name="Close"), hand)
    menu.wait_for(state="hidden")


def test_a_link_of_the_contents_closes_them_and_goes_to_its_section(address, new_page):
    page = new_page(width=360)
    page.goto(f"{address}/{PAGE}")
    page.get_by_role("button", name="Contents of this page").click()
    page.locator("#pst-secondary-sidebar-modal a", has_text="Quiz").click()
    page.locator("#pst-secondary-sidebar-modal").wait_for(state="hidden")
    page.wait_for_function("location.hash === '#quiz'")
    page.wait_for_function("document.activeElement.matches('#quiz h2')")
    assert 0 <= page.locator("#quiz h2").bounding_box()["y"] < 400


def test_the_chapters_open_on_a_phone_lead_to_another_chapter(address, new_page):
    page = new_page(width=360)
    page.goto(f"{address}/{PAGE}")
    page.get_by_role("button", name="Chapters").click()
    page.locator("#pst-primary-sidebar-modal a", has_text="Bias correction").click()
    page.wait_for_url("**/04_bias_correction.html")


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("hand", ["mouse", "touch", "keyboard"])
def test_on_a_wide_screen_the_chapters_fold_away_and_come_back(address, new_page, hand, theme):
    page = new_page(width=1280, theme=theme, has_touch=True)
    page.goto(f"{address}/{PAGE}")
    button, chapters = page.get_by_role("button", name="Chapters"), page.locator(".bd-docs-nav")
    assert chapters.is_visible()
    expect(button).to_have_attribute("aria-expanded", "true")
    assert page.locator("#page-contents").is_visible()  # the contents need no button here
    for shown in (False, True):
        press(page, button, hand)
        chapters.wait_for(state="visible" if shown else "hidden")
        page.wait_for_function(f"({FOCUSED}) === 'Chapters'")
        expect(button).to_have_attribute("aria-expanded", str(shown).lower())


def marked(page):
    """The section that the contents mark, once they do."""
    return page.locator("#page-contents [aria-current]").inner_text()


def test_the_contents_mark_the_section_that_is_read_down_and_up(site, new_page):
    page = new_page()
    page.goto(f"{site}/{PAGE}")
    titles = page.locator("#page-contents a").all_inner_texts()
    names = page.locator("#page-contents a").evaluate_all("all => all.map(a => a.hash.slice(1))")
    walk = [*range(len(names)), *reversed(range(len(names)))]
    for k in walk:  # upwards, too, in the middle of a section: there the theme's mark stuck
        page.mouse.move(640, 450)
        page.mouse.wheel(0, 1)
        page.evaluate(
            "id => { const h = document.getElementById(id).getBoundingClientRect();"
            "scrollTo({top: scrollY + h.top - 20, behavior: 'instant'}) }",
            names[k],
        )
        reached = page.evaluate(
            "id => document.getElementById(id).getBoundingClientRect().top < 100", names[k]
        )
        if reached:  # the last sections share the last screen
            page.wait_for_function(
                "t => document.querySelector('#page-contents [aria-current]')?.innerText === t",
                arg=titles[k],
            )
    page.evaluate("scrollTo({top: document.body.scrollHeight, behavior: 'instant'})")
    page.wait_for_function(
        "t => document.querySelector('#page-contents [aria-current]')?.innerText === t",
        arg=titles[-1],
    )


def test_a_chosen_section_is_marked_though_the_page_ends_before_it_is_reached(site, new_page):
    page = new_page()
    page.goto(f"{site}/{PAGE}")
    for title in ("Exercises", "Further reading", "Quiz"):
        page.locator("#page-contents a", has_text=title).click()
        page.wait_for_timeout(300)
        assert marked(page) == title


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_wide_code_says_that_it_scrolls_until_it_has_been_scrolled(site, new_page, theme):
    page = new_page(width=360, theme=theme)
    page.goto(f"{site}/chapters/05_adam.html")
    wide = page.locator("pre[data-more=right]:visible")
    wide.first.wait_for()
    quiet = page.evaluate(
        "[...document.querySelectorAll('.bd-article pre')].filter(e => e.checkVisibility() &&"
        " e.scrollWidth > e.clientWidth + 1 && !e.dataset.more).length"
    )
    assert quiet == 0
    first = wide.first
    assert "inset" in first.evaluate("e => getComputedStyle(e).boxShadow")
    assert first.get_attribute("role") == "group"
    assert first.get_attribute("aria-label") == "Code or output, scrolls sideways"
    handle = first.element_handle()
    first.focus()
    for _ in range(40):
        page.keyboard.press("ArrowRight")
    page.wait_for_function("e => e.dataset.more.includes('left')", arg=handle)
    handle.evaluate("e => e.scrollTo(e.scrollWidth, 0)")
    page.wait_for_function("e => e.dataset.more === 'left'", arg=handle)


def test_on_a_wide_screen_nothing_says_that_it_scrolls_without_need(site, new_page):
    page = new_page(width=1280)
    page.goto(f"{site}/{PAGE}")
    page.wait_for_timeout(300)
    idle = page.evaluate(
        "[...document.querySelectorAll('[data-more]')]"
        ".filter(e => e.scrollWidth <= e.clientWidth).length"
    )
    assert idle == 0


@pytest.mark.parametrize("width", [360, 1280])
def test_the_search_icon_leaves_the_first_letter_free(site, new_page, width):
    page = new_page(width=width)
    page.goto(f"{site}/{PAGE}")
    page.keyboard.press("Control+k")
    field = page.locator("#pst-search-dialog input")
    icon = page.locator("#pst-search-dialog .fa-magnifying-glass").bounding_box()
    begin = field.evaluate(
        "e => e.getBoundingClientRect().left + parseFloat(getComputedStyle(e).paddingLeft)"
    )
    assert icon["x"] + icon["width"] <= begin


@pytest.mark.parametrize("width", [360, 1280])
def test_equations_of_the_cheat_sheet_are_whole(site, new_page, width):
    page = new_page(width=width)
    page.goto(f"{site}/chapters/cheat_sheet.html")
    page.wait_for_timeout(300)
    cut = page.evaluate("""() => [...document.querySelectorAll('.bd-article td .katex-html')]
        .filter(e => {
          const right = Math.max(...[...e.querySelectorAll('.base')].map(
              b => b.getBoundingClientRect().right));
          const box = e.closest('[data-more]');
          return right > document.documentElement.clientWidth && !box;
        }).length""")
    assert cut == 0


def test_entries_of_the_bibliography_stand_apart_and_lead_back(site, new_page):
    page = new_page()
    page.goto(f"{site}/chapters/bibliography.html")
    boxes = [entry.bounding_box() for entry in page.locator(".citation").all()]
    gaps = [b["y"] - a["y"] - a["height"] for a, b in zip(boxes, boxes[1:], strict=False)]
    assert min(gaps) > 8
    entry = page.locator(".citation", has_text="Convex Programming Problem")
    assert "$" not in page.locator("article").inner_text()
    assert entry.locator(".katex").count() == 1
    back = entry.locator(".cited-in a").first
    href = back.get_attribute("href")
    back.click()
    page.wait_for_url(f"**/{href}")
    name = href.split("#")[1]
    place = page.locator(f"[id='{name}']")
    assert place.count() == 1
    assert "Nesterov" in place.evaluate("e => e.closest('p, li, figure').textContent")
