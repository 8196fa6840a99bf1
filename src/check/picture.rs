//! Pictures that no browser shows.
//!
//! In: a picture's file, its name and its bytes. Out: what is wrong with it, told by the name's ending and by the first bytes alone: whether the
//! rest of it is sound only whoever draws it knows. What could run in a picture is the business of `active_content`.

use crate::{diagnostic::Message, message, source::Asset};
use memchr::memmem;

/// What a picture's name may end with, and whether it then is a drawing: browsers look into the others and believe the name of that one.
const KINDS: [(&str, bool); 6] = [("png", false), ("jpg", false), ("jpeg", false), ("gif", false), ("webp", false), ("svg", true)];

/// What is wrong with a picture, and the way out.
pub(super) fn unreadable(asset: &Asset) -> Option<(Message, Message)> {
    let (name, path) = (&asset.name, &asset.path);
    let kind = name.rsplit_once('.').map_or("", |(_, kind)| kind);
    let known = KINDS.iter().find(|(known, _)| known.eq_ignore_ascii_case(kind));
    let is_drawing = known.map(|(_, is_drawing)| *is_drawing);
    if is_drawing.is_some_and(|is_drawing| if is_drawing { is_svg(&asset.bytes) } else { is_raster(&asset.bytes) }) {
        return None;
    }
    let found = if asset.bytes.is_empty() {
        (
            message!("圖檔 {path} 是空的", "The picture {path} is empty"),
            message!("請重新放入這個圖檔", "Put the picture there anew"),
        )
    } else if known.is_none() {
        (
            message!(
                "圖檔 {path} 不是網頁與 PDF 都能顯示的格式",
                "The picture {path} is of a kind that not every page and PDF shows"
            ),
            message!(
                "請以影像程式另存為 PNG（照片用 JPEG），並改寫這裡的檔名；只是附檔就寫成連結 [文字](檔名)",
                "Save it as PNG (a photograph as JPEG) and change the name here; a mere attachment is a link, [words](name)"
            ),
        )
    } else {
        let kind = kind.to_ascii_uppercase();
        (
            message!("圖檔 {path} 的內容不是 {kind}，顯示不出來", "The picture {path} holds no {kind} and is not shown"),
            message!(
                "請以影像程式打開原圖，另存為 PNG、JPEG 或 SVG，副檔名與格式相同",
                "Open the original with an image editor and save it as PNG, JPEG or SVG, under a name that ends so"
            ),
        )
    };
    Some(found)
}

/// Whether bytes begin like those of a picture made of dots.
fn is_raster(bytes: &[u8]) -> bool {
    let is_webp = bytes.starts_with(b"RIFF") && bytes.get(8..12) == Some(b"WEBP");
    is_webp || [&b"\x89PNG\r\n\x1a\n"[..], b"\xff\xd8\xff", b"GIF8"].iter().any(|start| bytes.starts_with(start))
}

fn is_svg(bytes: &[u8]) -> bool {
    // The element may have a prefix, and comments may stand before it.
    [&b"<svg"[..], b":svg"].iter().any(|element| memmem::find(bytes, element).is_some())
}
