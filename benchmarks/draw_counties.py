"""Draw the simulated areas that ``benchmarks/counties_recovery.py --keep FILE`` has kept.

``python benchmarks/draw_counties.py FILE docs/images/counties.png`` draws, for one industry of each
of the two larger strengths, what was planted and what was found over provincial borders, and what
is found when areas end there. It needs ``clusterbelt[china]``.
"""

import sys
from pathlib import Path

import altair as alt
import numpy as np
import shapely
import vl_convert

from clusterbelt.io.counties import read_china
from clusterbelt.plot.geo import azimuthal_equal_area, rewind

KINDS = {
    "planted and found": "#0d4f6b",
    "planted, missed": "#efb06a",
    "found, not planted": "#a8500c",
}
WIDTH, SIDE_KM = 300, 620.0


def _feature(shape, **properties):
    geometry = shapely.geometry.mapping(rewind(shape))
    return {"type": "Feature", "geometry": geometry, "properties": properties}


def _panel(title, counties, provinces, planted, found, centre):
    """Return a square map around the planted area."""
    scale = WIDTH / SIDE_KM
    frame = shapely.box(0, 0, WIDTH, WIDTH)

    def to_pixels(xy):
        km = azimuthal_equal_area(xy, centre)
        return np.column_stack([km[:, 0] * scale + WIDTH / 2, WIDTH / 2 - km[:, 1] * scale])

    def cut(polygons, tolerance):
        window = shapely.box(centre[0] - 5, centre[1] - 4, centre[0] + 5, centre[1] + 4)
        near = [k for k, polygon in enumerate(polygons) if polygon.intersects(window)]
        plane = [shapely.make_valid(shapely.transform(polygons[k], to_pixels)) for k in near]
        smooth = shapely.coverage_simplify(np.array(plane, dtype=object), tolerance)
        for k, shape in zip(near, smooth, strict=True):
            inside = shapely.intersection(shapely.make_valid(shape), frame)
            if inside.geom_type in ("Polygon", "MultiPolygon") and not inside.is_empty:
                yield k, inside

    names = list(KINDS)
    kinds = np.select([planted & found, planted, found], names, "")
    shapes = [_feature(shape, kind=str(kinds[k])) for k, shape in cut(counties, 0.6)]
    lines = [_feature(shape) for _, shape in cut(provinces, 0.6)]
    plain = {"type": "identity", "scale": 1, "translate": [0, 0]}
    colour = alt.condition(
        "datum.properties.kind !== ''",
        alt.Color(
            "properties.kind:N",
            scale=alt.Scale(domain=names, range=list(KINDS.values())),
            legend=alt.Legend(title=None, orient="bottom", symbolType="square"),
        ),
        alt.value("#e3e9ec"),
    )
    fill = alt.Chart(alt.Data(values=shapes)).mark_geoshape(stroke="#ffffff", strokeWidth=0.35)
    edge = alt.Chart(alt.Data(values=lines)).mark_geoshape(
        filled=False, stroke="#26323a", strokeWidth=1.2
    )
    return alt.layer(fill.encode(color=colour).project(**plain), edge.project(**plain)).properties(
        width=WIDTH, height=WIDTH, title=alt.TitleParams(title, fontSize=11, anchor="start")
    )


def main():
    kept, target = np.load(sys.argv[1]), Path(sys.argv[2])
    counties, provinces = read_china("county"), read_china("province")
    place = counties.table[["lon", "lat"]].to_numpy(float)
    panels = []
    for strength in (3.0, 4.0):
        # Of the industries with an area found, the one whose planted area lies in most provinces.
        found_any = kept["areas"].any(axis=0)
        columns = np.flatnonzero((kept["strength"] == strength) & found_any)
        codes = counties.table["province"].to_numpy()
        spread = [len(set(codes[kept["planted"][:, k]])) for k in columns]
        column = int(columns[int(np.argmax(spread))])
        planted = kept["planted"][:, column]
        centre = tuple(place[planted].mean(axis=0))
        for name, title in (("areas", "areas across borders"), ("bounded", "bounded by provinces")):
            head = f"strength {strength:g}: {title}"
            found = kept[name][:, column]
            panels.append(
                _panel(head, counties.polygons, provinces.polygons, planted, found, centre)
            )
    chart = alt.concat(*panels, columns=2, spacing=14).configure_view(stroke="#9aa7b0")
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(vl_convert.vegalite_to_png(chart.to_dict(), scale=1.25))
    print(target)


if __name__ == "__main__":
    main()
