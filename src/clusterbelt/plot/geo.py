"""From boundaries in degrees to shapes in pixels.

Regions are projected here (Lambert's azimuthal equal-area projection, centred on the belt: Snyder,
Map Projections: A Working Manual, USGS 1395, 1987) and handed to the figure as plane shapes. So
every map of a report shares one frame, shapes are no finer than a pixel shows, and the sense in
which a ring runs can never turn a province into the whole globe; rings are wound all the same
(exterior clockwise on the screen's sphere, as d3-geo wants them).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry import mapping, shape
from shapely.geometry.base import BaseGeometry

__all__ = ["MapFrame", "azimuthal_equal_area", "build_map", "feature", "rewind"]


@dataclass(frozen=True)
class MapFrame:
    """A map in pixels: shapes, label points and their room (radius of the largest inner circle)."""

    width: int
    height: int
    shapes: Mapping[str, Mapping[str, Any]]
    points: Mapping[str, tuple[float, float]]
    room: Mapping[str, float]
    locate: Callable[[NDArray[np.float64]], NDArray[np.float64]] = field(compare=False)
    """Where longitude and latitude (n, 2) lie, in pixels."""


def azimuthal_equal_area(
    degrees: NDArray[np.float64], centre: tuple[float, float]
) -> NDArray[np.float64]:
    """Project longitude and latitude onto the plane, in km, north up.

    ``x = k cos(lat) sin(dlon)``, ``y = k (cos(lat0) sin(lat) - sin(lat0) cos(lat) cos(dlon))``,
    ``k = R sqrt(2 / (1 + cos c))`` with c the angular distance from ``centre``. The antipode of
    the centre has no place and becomes infinite. ``degrees`` has shape (n, 2); so has the answer.
    """
    longitude, latitude = np.radians(degrees[:, 0] - centre[0]), np.radians(degrees[:, 1])
    middle = np.radians(centre[1])
    cosine = np.sin(middle) * np.sin(latitude) + np.cos(middle) * np.cos(latitude) * np.cos(
        longitude
    )
    with np.errstate(divide="ignore"):
        scale = 6371.0 * np.sqrt(2.0 / (1.0 + cosine))
    x = scale * np.cos(latitude) * np.sin(longitude)
    y = scale * (
        np.cos(middle) * np.sin(latitude) - np.sin(middle) * np.cos(latitude) * np.cos(longitude)
    )
    return np.column_stack([x, y])


def rewind(geometry: BaseGeometry) -> BaseGeometry:
    """Wind rings as d3-geo wants them: exterior clockwise, holes the other way.

    GeoJSON (RFC 7946) has it the other way round; d3-geo would then fill everything outside.
    """
    wound: BaseGeometry = shapely.orient_polygons(geometry, exterior_cw=True)
    return wound


def _centre(geometries: Sequence[BaseGeometry]) -> tuple[float, float]:
    west, south, east, north = shapely.total_bounds(np.array(geometries, dtype=object))
    return (west + east) / 2, (south + north) / 2


def _polygons(geometry: BaseGeometry) -> BaseGeometry:
    parts = [
        part
        for part in shapely.get_parts(geometry)
        if part.geom_type in {"Polygon", "MultiPolygon"}
    ]
    return (
        shapely.union_all(parts) if len(parts) > 1 else (parts[0] if parts else shapely.Polygon())
    )


def _rounded(coordinates: Any) -> Any:
    if isinstance(coordinates, float | int):
        return round(float(coordinates), 1)
    return [_rounded(item) for item in coordinates]


def _label_point(geometry: BaseGeometry) -> tuple[float, float, float]:
    parts = shapely.get_parts(geometry)
    largest = parts[int(np.argmax(shapely.area(parts)))]
    radius = shapely.maximum_inscribed_circle(largest, tolerance=1.0)
    x, y = shapely.get_coordinates(radius)[0]
    return float(x), float(y), float(shapely.length(radius))


def build_map(
    boundaries: Mapping[str, Mapping[str, Any]],
    focus: Sequence[str],
    width: int,
    *,
    margin: tuple[float, float, float, float] = (14, 14, 14, 14),
    tolerance: float = 0.5,
) -> MapFrame:
    """Fit the regions of ``focus`` into ``width`` pixels; neighbours are cut at the frame.

    ``margin`` is top, right, bottom, left in pixels; lines are simplified by ``tolerance`` pixels
    with shared borders kept shared. Regions of ``focus`` without a boundary are left out.
    """
    names = list(boundaries)
    raw = [shape(boundaries[name]) for name in names]
    wanted = [geometry for name, geometry in zip(names, raw, strict=True) if name in set(focus)]
    centre = _centre(wanted)
    plane = [shapely.transform(item, lambda xy: azimuthal_equal_area(xy, centre)) for item in raw]
    inside = [item for name, item in zip(names, plane, strict=True) if name in set(focus)]
    west, south, east, north = shapely.total_bounds(np.array(inside, dtype=object))
    top, right, bottom, left = margin
    scale = (width - left - right) / (east - west)
    height = round((north - south) * scale + top + bottom)

    def to_pixels(xy: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.column_stack([(xy[:, 0] - west) * scale + left, (north - xy[:, 1]) * scale + top])

    pixels = [shapely.make_valid(shapely.transform(item, to_pixels)) for item in plane]
    smooth = shapely.coverage_simplify(np.array(pixels, dtype=object), tolerance)
    frame = shapely.box(0, 0, width, height)
    shapes: dict[str, Mapping[str, Any]] = {}
    points: dict[str, tuple[float, float]] = {}
    room: dict[str, float] = {}
    for name, geometry in zip(names, smooth, strict=True):
        cut = _polygons(shapely.intersection(geometry, frame))
        if cut.is_empty:
            continue
        found = mapping(rewind(cut))
        shapes[name] = {
            "type": found["type"],
            "coordinates": _rounded(found["coordinates"]),
        }
        x, y, radius = _label_point(cut)
        points[name], room[name] = (round(x, 1), round(y, 1)), round(radius, 1)
    return MapFrame(
        width,
        height,
        shapes,
        points,
        room,
        lambda degrees: to_pixels(azimuthal_equal_area(degrees, centre)),
    )


def feature(frame: MapFrame, region: str, properties: Mapping[str, object]) -> dict[str, Any]:
    """Return one region of the map as a GeoJSON feature with its properties."""
    return {
        "type": "Feature",
        "geometry": dict(frame.shapes[region]),
        "properties": dict(properties),
    }
