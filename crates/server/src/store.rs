//! Where files stand: under their SHA-256, in a folder or in an S3-compatible store.

use crate::app::{AppError, AppResult};
use crate::settings::Settings;
use actix_web::web::Bytes;
use object_store::aws::AmazonS3Builder;
use object_store::local::LocalFileSystem;
use object_store::path::Path;
use object_store::prefix::PrefixStore;
use object_store::{ObjectStore, ObjectStoreExt, RetryConfig};
use std::fmt;
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;
use tokio::runtime::Handle;

/// How often a request to the store is tried again. The writer may wait for it, so a store that is away is said to be soon.
const RETRIES: usize = 2;
const RETRY_FOR: Duration = Duration::from_secs(10);

/// The file store. Its work is waited for on threads that may block, never on those that serve.
#[derive(Clone)]
pub struct FileStore(Arc<dyn ObjectStore>);

impl fmt::Debug for FileStore {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("FileStore")
    }
}

impl FileStore {
    /// The store that the settings name.
    ///
    /// # Errors
    /// In words for the operator: a folder that cannot be made, a key that is missing.
    pub fn open(settings: &Settings) -> AppResult<FileStore> {
        let place = settings.files.as_deref().unwrap_or_default();
        let Some(rest) = place.strip_prefix("s3://") else {
            let dir = if place.is_empty() {
                settings.data_dir.join("files")
            } else {
                place.into()
            };
            std::fs::create_dir_all(&dir).map_err(|error| {
                AppError::Internal(format!("--files {}: {error}", dir.display()))
            })?;
            let folder = LocalFileSystem::new_with_prefix(dir)
                .map_err(failed)?
                .with_fsync(true);
            return Ok(FileStore(Arc::new(folder)));
        };
        let (bucket, prefix) = rest.split_once('/').unwrap_or((rest, ""));
        let missing = |flag: &str| AppError::Internal(format!("--files {place} needs --{flag}"));
        let key = given(settings.files_access_key.as_ref());
        let secret = given(settings.files_secret_key.as_ref());
        let mut builder = AmazonS3Builder::new()
            .with_bucket_name(bucket)
            .with_region(&settings.files_region)
            .with_retry(RetryConfig {
                max_retries: RETRIES,
                retry_timeout: RETRY_FOR,
                ..RetryConfig::default()
            })
            // Each S3-compatible store removes one object; not each removes many at once.
            .with_disable_bulk_delete(true)
            .with_access_key_id(key.ok_or_else(|| missing("files-access-key"))?)
            .with_secret_access_key(secret.ok_or_else(|| missing("files-secret-key"))?);
        if let Some(endpoint) = given(settings.files_endpoint.as_ref()) {
            builder = builder
                .with_endpoint(endpoint)
                .with_allow_http(endpoint.starts_with("http://"));
        }
        let bucket = builder.build().map_err(failed)?;
        Ok(FileStore(Arc::new(PrefixStore::new(bucket, prefix))))
    }

    /// A store that any object store makes, for tests.
    pub fn of(objects: Arc<dyn ObjectStore>) -> FileStore {
        FileStore(objects)
    }

    /// Keeps bytes under their digest; what stands there already is left.
    ///
    /// # Errors
    /// What the store says.
    pub fn keep(&self, digest: &str, bytes: Bytes) -> AppResult<()> {
        let place = place(digest);
        wait(async {
            match self.0.head(&place).await {
                Ok(_) => Ok(()),
                Err(object_store::Error::NotFound { .. }) => {
                    self.0.put(&place, bytes.into()).await.map(drop)
                }
                Err(error) => Err(error),
            }
        })
    }

    /// Takes bytes away; nothing happens where there are none.
    ///
    /// # Errors
    /// What the store says.
    pub fn remove(&self, digest: &str) -> AppResult<()> {
        wait(async {
            match self.0.delete(&place(digest)).await {
                Err(object_store::Error::NotFound { .. }) => Ok(()),
                other => other,
            }
        })
    }

    /// The bytes under a digest, as they come.
    ///
    /// # Errors
    /// What the store says.
    pub async fn read(
        &self,
        digest: &str,
    ) -> AppResult<impl futures_util::Stream<Item = Result<Bytes, object_store::Error>> + use<>>
    {
        let found = self.0.get(&place(digest)).await.map_err(failed)?;
        Ok(found.into_stream())
    }
}

/// A compose file hands on what is not set as an empty word.
fn given(setting: Option<&String>) -> Option<&str> {
    setting.map(String::as_str).filter(|text| !text.is_empty())
}

/// Two digits as a folder, so that no folder grows too large.
fn place(digest: &str) -> Path {
    let first = digest.get(..2).unwrap_or_default();
    Path::from(format!("{first}/{digest}"))
}

fn wait<T>(work: impl Future<Output = Result<T, object_store::Error>>) -> AppResult<T> {
    let handle = Handle::try_current().map_err(|error| AppError::Internal(error.to_string()))?;
    handle.block_on(work).map_err(failed)
}

fn failed(error: object_store::Error) -> AppError {
    AppError::Internal(format!("the file store: {error}"))
}
