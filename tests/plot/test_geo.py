"""From degrees to pixels: projection, winding, shared borders, the frame."""

import numpy as np
import pytest
import shapely

from clusterbelt.plot.geo import azimuthal_equal_area, build_map, feature, rewind

SQUARES = {
    "west": shapely.geometry.mapping(shapely.box(100, 30, 105, 35)),
    "east": shapely.geometry.mapping(shapely.box(105, 30, 110, 35)),
    "far": shapely.geometry.mapping(shapely.box(60, 10, 99, 60)),
}


def test_centre_stays_at_the_origin_and_north_is_up():
    plane = azimuthal_equal_area(np.array([[105.0, 30.0], [105.0, 31.0]]), (105.0, 30.0))
    assert plane[0] == pytest.approx([0.0, 0.0], abs=1e-9)
    assert plane[1, 0] == pytest.approx(0.0, abs=1e-9)
    # One degree of latitude is 6371 * pi / 180 km; the chord shortens it by a hair.
    assert plane[1, 1] == pytest.approx(6371 * np.pi / 180, rel=1e-4)


@pytest.mark.parametrize("latitude", [0.0, 30.0, 60.0, -45.0])
def test_areas_are_true(latitude):
    cell = shapely.segmentize(shapely.box(110, latitude, 112, latitude + 2), 0.01)
    plane = shapely.transform(cell, lambda xy: azimuthal_equal_area(xy, (105.0, 30.0)))
    band = np.sin(np.radians(latitude + 2)) - np.sin(np.radians(latitude))
    assert plane.area == pytest.approx(6371**2 * np.radians(2) * band, rel=1e-4)


def test_a_belt_across_the_date_line_stays_together():
    plane = azimuthal_equal_area(np.array([[179.0, 0.0], [-179.0, 0.0]]), (180.0, 0.0))
    assert plane[0, 0] == pytest.approx(-plane[1, 0])
    assert abs(plane[0, 0]) < 120


def test_exterior_runs_clockwise_and_holes_the_other_way():
    ring = shapely.box(0, 0, 10, 10).difference(shapely.box(4, 4, 6, 6))
    wound = rewind(shapely.orient_polygons(ring))  # RFC 7946 winding first
    assert not wound.exterior.is_ccw
    assert wound.interiors[0].is_ccw
    assert wound.area == pytest.approx(96)


def test_focus_fills_the_frame_and_neighbours_are_cut_at_it():
    frame = build_map(SQUARES, ["west", "east"], 300, margin=(10, 20, 30, 40))
    both = shapely.union_all([shapely.geometry.shape(frame.shapes[n]) for n in ("west", "east")])
    west, north, east, south = both.bounds
    assert (west, east) == (pytest.approx(40, abs=0.2), pytest.approx(280, abs=0.2))
    assert (north, south) == (
        pytest.approx(10, abs=0.2),
        pytest.approx(frame.height - 30, abs=0.6),
    )
    far = shapely.geometry.shape(frame.shapes["far"])
    assert far.bounds[0] >= 0
    assert far.bounds[3] <= frame.height


def test_borders_stay_shared_after_smoothing():
    frame = build_map(SQUARES, ["west", "east"], 300, tolerance=3.0)
    west, east = (shapely.geometry.shape(frame.shapes[name]) for name in ("west", "east"))
    assert west.intersection(east).area == 0
    assert west.intersection(east).length > 50


def test_label_points_lie_inside_and_coordinates_are_short():
    frame = build_map(SQUARES, ["west", "east"], 300)
    for name in ("west", "east"):
        shape = shapely.geometry.shape(frame.shapes[name])
        assert shape.contains(shapely.Point(frame.points[name]))
        assert frame.room[name] > 20
        numbers = shapely.get_coordinates(shape).ravel()
        assert np.array_equal(numbers, np.round(numbers, 1))


def test_a_feature_carries_its_properties():
    frame = build_map(SQUARES, ["west"], 200)
    made = feature(frame, "west", {"name": "West"})
    assert made["properties"] == {"name": "West"}
    assert made["geometry"]["type"] == "Polygon"
