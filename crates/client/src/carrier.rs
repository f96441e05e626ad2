//! How a request travels: by the browser's own `fetch`, and by reqwest outside of a browser. What reqwest brings with it
//! (addresses, headers, domain names) would be a tenth of what a browser loads first.

/// What is done with a thing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Method(&'static str);

impl Method {
    pub const GET: Method = Method("GET");
    pub const POST: Method = Method("POST");
    pub const PUT: Method = Method("PUT");
    pub const DELETE: Method = Method("DELETE");
}

/// A request.
#[derive(Debug, Clone)]
pub(crate) struct Request {
    pub method: Method,
    pub url: String,
    pub headers: Vec<(&'static str, String)>,
    pub body: Option<Vec<u8>>,
    /// Whether a file is asked for: its bytes are kept.
    pub file: bool,
}

/// An answer, whatever it says.
#[derive(Debug)]
pub(crate) struct Response {
    pub status: u16,
    pub tag: Option<String>,
    pub text: String,
    /// The bytes, where a file was asked for.
    pub bytes: Vec<u8>,
}

#[cfg(target_arch = "wasm32")]
pub(crate) use browser::Carrier;
#[cfg(not(target_arch = "wasm32"))]
pub(crate) use native::Carrier;

#[cfg(not(target_arch = "wasm32"))]
mod native {
    use super::{Request, Response};

    /// Carries requests.
    #[derive(Debug, Clone, Default)]
    pub(crate) struct Carrier(reqwest::Client);

    impl Carrier {
        /// Sends a request; the error says why there is no answer.
        pub async fn send(&self, request: Request) -> Result<Response, String> {
            self.exchange(request)
                .await
                .map_err(|error| error.to_string())
        }

        async fn exchange(&self, request: Request) -> Result<Response, reqwest::Error> {
            // The names of the methods are valid, and anything else would be refused as a GET.
            let method = request.method.0.parse().unwrap_or_default();
            let mut built = self.0.request(method, request.url);
            for (name, value) in request.headers {
                built = built.header(name, value);
            }
            if let Some(body) = request.body {
                built = built.body(body);
            }
            let response = built.send().await?;
            let tag = response.headers().get("etag");
            let tag = tag.and_then(|tag| tag.to_str().ok()).map(str::to_owned);
            let status = response.status().as_u16();
            let (text, bytes) = if request.file && status < 300 {
                (String::new(), response.bytes().await?.to_vec())
            } else {
                (response.text().await?, Vec::new())
            };
            Ok(Response {
                status,
                tag,
                text,
                bytes,
            })
        }
    }
}

#[cfg(target_arch = "wasm32")]
mod browser {
    use super::{Request, Response};
    use wasm_bindgen::{JsCast, JsValue};
    use wasm_bindgen_futures::JsFuture;
    use web_sys::js_sys::Uint8Array;
    use web_sys::{Headers, RequestInit};

    /// Carries requests.
    #[derive(Debug, Clone, Default)]
    pub(crate) struct Carrier {}

    impl Carrier {
        /// Sends a request; the error says why there is no answer.
        pub async fn send(&self, request: Request) -> Result<Response, String> {
            fetch(request)
                .await
                .map_err(|_| "the browser could not send it".to_owned())
        }
    }

    async fn fetch(request: Request) -> Result<Response, JsValue> {
        let headers = Headers::new()?;
        for (name, value) in &request.headers {
            headers.set(name, value)?;
        }
        let init = RequestInit::new();
        init.set_method(request.method.0);
        init.set_headers(headers.as_ref());
        if let Some(body) = &request.body {
            init.set_body(Uint8Array::from(body.as_slice()).as_ref());
        }
        let window = web_sys::window().ok_or(JsValue::NULL)?;
        let sent = window.fetch_with_str_and_init(&request.url, &init);
        let response: web_sys::Response = JsFuture::from(sent).await?.dyn_into()?;
        let (mut text, mut bytes) = (String::new(), Vec::new());
        if request.file && response.ok() {
            let buffer = JsFuture::from(response.array_buffer()?).await?;
            bytes = Uint8Array::new(&buffer).to_vec();
        } else {
            let read = JsFuture::from(response.text()?).await?;
            text = read.as_string().unwrap_or_default();
        }
        Ok(Response {
            status: response.status(),
            tag: response.headers().get("etag")?,
            text,
            bytes,
        })
    }
}
