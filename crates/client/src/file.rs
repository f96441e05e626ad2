//! Files that are handed in.

use crate::carrier::Method;
use crate::{Called, Client, decoded, escaped};
use uuid::Uuid;
use zhenxing_api_types::file::File;

impl Client {
    /// Hands a file in, to be attached to something within a day.
    ///
    /// # Errors
    /// `file_kind`, `too_large`, another problem, or what the network says.
    pub async fn add_file(&self, name: &str, bytes: Vec<u8>) -> Called<File> {
        let path = format!("/files?name={}", escaped(name));
        let mut request = self.writing(Method::POST, &path, None);
        request.body = Some(bytes);
        let kind = "application/octet-stream".to_owned();
        request.headers.push(("Content-Type", kind));
        decoded(&self.ask(request).await?.text)
    }

    /// What a file holds.
    ///
    /// # Errors
    /// A problem, or what the network says.
    pub async fn file_content(&self, id: Uuid) -> Called<Vec<u8>> {
        self.file(&format!("/files/{id}/content"), &[]).await
    }
}
