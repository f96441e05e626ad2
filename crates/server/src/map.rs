//! Reading the package's map: GeoJSON with the note and the review number as members of its own.

use serde::Deserialize;
use zhenxing_api_types::map::{MapArea, ProgrammeMap};

#[derive(Deserialize)]
struct File {
    #[serde(default)]
    note_zh: String,
    #[serde(default)]
    note_en: String,
    review_no: Option<String>,
    features: Vec<Feature>,
}

#[derive(Deserialize)]
struct Feature {
    properties: Properties,
    geometry: Geometry,
}

#[derive(Deserialize)]
struct Properties {
    name: String,
    code: Option<String>,
}

type Ring = Vec<(f64, f64)>;

#[derive(Deserialize)]
#[serde(tag = "type", content = "coordinates")]
enum Geometry {
    Polygon(Vec<Ring>),
    MultiPolygon(Vec<Vec<Ring>>),
}

/// Reads a map.
///
/// # Errors
/// What is wrong with the file, in words for who made it.
pub fn read(bytes: &[u8]) -> Result<ProgrammeMap, String> {
    let file: File = serde_json::from_slice(bytes).map_err(|error| {
        format!("is no GeoJSON of named polygons with two coordinates a point: {error}")
    })?;
    let area = |feature: Feature| {
        let rings: Vec<Ring> = match feature.geometry {
            Geometry::Polygon(rings) => rings,
            Geometry::MultiPolygon(polygons) => polygons.into_iter().flatten().collect(),
        };
        let name = feature.properties.name;
        let rings = rings.iter().map(flat);
        let rings: Option<Vec<Vec<i64>>> = rings.collect();
        Ok(MapArea {
            rings: rings.ok_or_else(|| format!("{name}: a point lies outside the globe"))?,
            name,
            code: feature.properties.code,
        })
    };
    let areas: Result<Vec<MapArea>, String> = file.features.into_iter().map(area).collect();
    Ok(ProgrammeMap {
        note_zh: file.note_zh,
        note_en: file.note_en,
        review_no: file.review_no,
        areas: areas?,
    })
}

fn flat(ring: &Ring) -> Option<Vec<i64>> {
    let numbers = ring.iter().flat_map(|point| [point.0, point.1]);
    numbers.map(millionths).collect()
}

/// A degree in millionths, by its text: no number of the language is cast.
fn millionths(degree: f64) -> Option<i64> {
    let scaled = (degree * 1e6).round();
    let fits = scaled.is_finite() && degree.abs() <= 180.0;
    fits.then(|| format!("{scaled:.0}").parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shipped_map_can_be_read() -> Result<(), String> {
        let bytes = include_bytes!("../../../programmes/cangzhou-2021/counties.geojson");
        let map = read(bytes)?;
        assert_eq!(map.areas.len(), 16);
        assert!(map.note_zh.contains("示意"));
        assert!(map.review_no.is_none());
        Ok(())
    }

    #[test]
    fn a_faulty_map_says_what_is_wrong() {
        let far = r#"{"features":[{"properties":{"name":"甲"},"geometry":{"type":"Polygon","coordinates":[[[200.0,1.0]]]}}]}"#;
        assert_eq!(
            read(far.as_bytes()),
            Err("甲: a point lies outside the globe".to_owned())
        );
        assert!(read(b"{}").is_err_and(|error| error.contains("features")));
        assert_eq!(millionths(-116.5), Some(-116_500_000));
    }
}
