"""The HTML: whole, well formed, self-contained, readable without sight, the same each time."""

import re
from html.parser import HTMLParser

import pytest

from clusterbelt.core.strings import LANGUAGES
from clusterbelt.plot.figures import FIGURES, missing_for
from clusterbelt.report.html import render_report
from report.fixture import build_run

RUN = build_run()
DRAWN = sum(not missing_for(name, RUN) for name in FIGURES)
PAGES = {language: render_report(RUN, language) for language in LANGUAGES}
VOID = {"meta", "link", "br", "img", "hr", "input", "col"}


class Page(HTMLParser):
    """Checks nesting and keeps what the tests ask about."""

    def __init__(self, text):
        super().__init__()
        self.open, self.faults, self.tags, self.ids = [], [], [], []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attributes):
        found = dict(attributes)
        self.tags.append((tag, found))
        if "id" in found:
            self.ids.append(found["id"])
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attributes):
        self.tags.append((tag, dict(attributes)))
        if "id" in dict(attributes):
            self.ids.append(dict(attributes)["id"])

    def handle_endtag(self, tag):
        if not self.open or self.open[-1] != tag:
            self.faults.append((tag, self.open[-3:], self.getpos()))
        else:
            self.open.pop()


def _parts(text):
    """Return the page without the embedded libraries, which no reader sees."""
    return re.sub(r"<script>.*?</script>", "", text, flags=re.DOTALL)


@pytest.mark.parametrize("language", LANGUAGES)
def test_well_formed(language):
    page = Page(PAGES[language])
    assert page.faults == []
    assert page.open == []
    assert len(page.ids) == len(set(page.ids))


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_is_fetched(language):
    page = Page(PAGES[language])
    for tag, attributes in page.tags:
        for name in ("src", "href", "xlink:href", "data", "action"):
            target = attributes.get(name, "") or ""
            assert not re.match(r"(?:https?:)?//", target), (tag, target)
    assert not any(tag in {"link", "iframe", "object", "img"} for tag, _ in page.tags)
    seen = _parts(PAGES[language])
    assert "@import" not in seen
    assert "@font-face" not in seen
    assert not re.search(r"url\((?!#)", seen)
    assert set(re.findall(r"https?://[^\s\"'<)]+", seen)) <= {
        "http://www.w3.org/2000/svg",
        "http://www.w3.org/1999/xlink",
    }
    policy = next(a for t, a in page.tags if a.get("http-equiv") == "Content-Security-Policy")
    assert "default-src 'none'" in policy["content"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_figure_and_table_has_a_grade_chip_that_speaks(language):
    blocks = re.findall(r"<figcaption>.*?</figcaption>", PAGES[language], flags=re.DOTALL)
    assert len(blocks) > 25
    word = {"en": "Grade", "zh": "等级"}[language]
    for block in blocks:
        assert re.search(r'class="chip grade-[ABCD]"', block), block
        assert re.search(rf'class="sr">{word} [ABCD]', block), block


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_drawing_has_a_text_alternative_and_its_specification(language):
    page = Page(PAGES[language])
    charts = [a for _, a in page.tags if a.get("class") == "chart"]
    assert len(charts) == DRAWN
    assert all(chart["role"] == "img" and len(chart["aria-label"]) > 30 for chart in charts)
    specs = [a for t, a in page.tags if t == "script" and a.get("type") == "application/json"]
    assert len(specs) == DRAWN
    roots = [a for t, a in page.tags if t == "svg"]
    assert all(root.get("aria-hidden") == "true" for root in roots)


@pytest.mark.parametrize("language", LANGUAGES)
def test_links_of_the_contents_lead_somewhere(language):
    page = Page(PAGES[language])
    targets = [a["href"][1:] for t, a in page.tags if t == "a" and a["href"].startswith("#")]
    assert len(targets) >= 11
    assert set(targets) <= set(page.ids)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_language_is_said_and_the_page_is_light(language):
    page = Page(PAGES[language])
    assert (
        next(a for t, a in page.tags if t == "html")["lang"]
        == {"zh": "zh-Hans", "en": "en"}[language]
    )
    assert len(PAGES[language].encode()) < 4_000_000


def test_the_same_run_gives_the_same_bytes():
    assert render_report(build_run(), "en") == PAGES["en"]


def test_headers_of_tables_say_what_they_head():
    page = Page(PAGES["en"])
    heads = [a for t, a in page.tags if t == "th"]
    assert heads
    assert all(head.get("scope") in {"col", "rowgroup"} for head in heads)


def test_names_of_users_are_escaped():
    run = build_run()
    run.regions.loc["310000", "name_en"] = "<b>Shanghai</b> & more"
    text = render_report(run, "en")
    assert "<b>Shanghai" not in text
    assert "&lt;b&gt;Shanghai" in text


def test_a_run_without_stages_renders_with_remarks():
    text = render_report(build_run(without=("plan", "clusters", "audit", "boundaries")), "en")
    assert "callout-absent" in text
    assert "plan.clusters" in text
    assert Page(text).faults == []
