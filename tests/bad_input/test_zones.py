"""What can be wrong with zones, their places and the words of their industries."""

from bad_input.workshop import Case, check_case, copy_toy, drop_table, each, edit, put
from clusterbelt.io.read_belt import check_belt, read_belt

Z, T, P, N = "zones.csv", "zone_terms.csv", "places.csv", "place_neighbours.csv"


def _swap(frame):
    return frame.assign(lon=frame["lat"], lat=["-101.5", *frame["lon"][1:-1], ""])


def _crowd(frame):
    return frame.assign(lon=["-31.0"] * 5 + [""], lat=["35.0"] * 5 + [""])


CASES = [
    Case("a zone stands twice", put(Z, 3, "zone", "A1"), "code_twice", ("A1", "one row"), Z, 3,
         "zone", "A1"),
    Case("no code", put(Z, 3, "zone", ""), "zone_code_empty", ("empty",), Z, 3, "zone"),
    Case("region not known", put(Z, 2, "region", "111"), "region_unknown", ("111",), Z, 2,
         "region", "111"),
    Case("a negative area", put(Z, 4, "area", "-600"), "zone_area_negative", ("B1", "negative"),
         Z, 4, "area", "B1"),
    Case("an area in words", put(Z, 4, "area", "600公顷"), "number_text", ("600",), Z, 4, "area",
         "600公顷", also=("number_text",)),
    Case("no area", put(Z, 4, "area", ""), "zone_area_missing", ("B1", "no weight"), Z, 4, "area",
         "B1", "warning"),
    Case("one coordinate only", put(Z, 4, "lat", ""), "zone_point_half", ("B1", "only one"), Z, 4,
         "lat", "B1"),
    Case("longitude and latitude exchanged", edit(Z, _swap), "coordinates_swapped",
         ("exchanged", "A1"), Z, 2, "lat", "A1", also=("zone_point_outside",)),
    Case("metres", put(Z, 5, "lon", "471000"), "coordinates_odd", ("B2", "degrees"), Z, 5, "lat",
         "B2"),
    Case("far outside", put(Z, 5, "lon", "116.4"), "zone_point_outside",
         ("B2", "far outside", "west, south, east, north"), Z, 5, "lon", "B2"),
    Case("all on one point", edit(Z, _crowd), "zone_points_crowded", ("geocoder", "A1"), Z, 2,
         "lon", "A1", "note"),
    Case("a place not known", put(Z, 2, "place", "1099"), "zone_place_unknown", ("1099",), Z, 2,
         "place", "1099"),
    Case("a place of another region", put(Z, 2, "place", "2011"), "zone_place_elsewhere",
         ("A1", "another region"), Z, 2, "place", "A1"),
    Case("words not known", put(Z, 3, "industries", "机械;机器;电器"), "zone_term_unknown",
         ("2 term(s)", "机器 (1; 机械)", "电器 (1; 电子)"), Z, 3, "industries", "机器 (1; 机械)",
         "warning"),
    Case("no industry", put(Z, 3, "industries", ""), "zone_without_industry", ("A2",), Z, 3,
         "industries", "A2", "warning"),
    Case("a weight above one", put(T, 3, "weight", "1.5"), "zone_term_weight", ("机械",), T, 3,
         "weight", "机械"),
    Case("a weight of nothing", put(T, 3, "weight", ""), "zone_term_weight", ("机械",), T, 3,
         "weight", "机械"),
    Case("weights of more than a whole", put(T, 3, "term", "电子"), "zone_term_over",
         ("电子", "1 at most"), T, 2, "weight", "电子"),
    Case("an industry not known", put(T, 3, "industry", "44"), "industry_unknown", ("44",), T, 3,
         "industry", "44"),
    Case("a border of a place not known", put(N, 2, "place_to", "1013"), "place_unknown",
         ("1013",), N, 2, "place_to", "1013"),
    Case("a place in no region", put(P, 2, "region", ""), "region_empty", ("empty",), P, 2,
         "region"),
]  # fmt: skip


@each(CASES)
def test_it_is_said_what_is_wrong_and_where(case, tmp_path):
    check_case(case, tmp_path)


def test_a_belt_without_places_or_terms_still_reads(tmp_path):
    folder = copy_toy(tmp_path)
    for role in ("zone_terms", "places", "place_neighbours"):
        drop_table(role)(folder)
    issues, belt = check_belt(str(folder), None)
    assert not [issue for issue in issues if issue.severity == "error"]
    assert belt is not None
    assert belt.zones is not None
    assert belt.zone_terms is None


def test_zones_that_ship_are_read_whole():
    issues, _ = check_belt("yangtze", "io42")
    assert "zones.csv" not in {issue.place.file for issue in issues}
    belt = read_belt("yangtze", "io42")
    assert len(belt.zones) == 2543
    assert belt.zones["area"].notna().all()
    assert set(belt.zone_terms["industry"]) - {""} <= set(belt.industries.index)
    assert len(belt.places) == 2848
    assert belt.zones.loc["G311012", "place"] == "310105"
    assert read_belt("yangtze", "common").zone_terms is None
