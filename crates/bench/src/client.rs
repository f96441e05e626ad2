//! A client that costs as little as possible, so that what is measured is the server: one connection, HTTP/1.1, blocking.

use crate::Done;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

/// One connection that is kept open.
pub struct Client {
    stream: TcpStream,
    buffer: Vec<u8>,
}

/// An answer.
pub struct Answer {
    /// The status.
    pub status: u16,
    /// The entity tag, quotes included.
    pub etag: Option<String>,
    /// The body.
    pub body: Vec<u8>,
}

impl Answer {
    /// The body as JSON.
    ///
    /// # Errors
    /// When it is none.
    pub fn json(&self) -> Done<serde_json::Value> {
        serde_json::from_slice(&self.body).map_err(|error| {
            let text = String::from_utf8_lossy(&self.body);
            format!("{error} in {text}")
        })
    }
}

/// A request as it goes over the wire. `headers` are whole lines, each with its end.
pub fn request(method: &str, path: &str, headers: &str, body: &str) -> Vec<u8> {
    let length = body.len();
    format!("{method} {path} HTTP/1.1\r\nhost: bench\r\ncontent-type: application/json\r\ncontent-length: {length}\r\n{headers}\r\n{body}")
        .into_bytes()
}

impl Client {
    /// Connects.
    ///
    /// # Errors
    /// What the system says.
    pub fn connect(address: SocketAddr) -> Done<Client> {
        let stream = TcpStream::connect(address).map_err(|error| format!("{address}: {error}"))?;
        let patience = Some(Duration::from_secs(120));
        let set = stream
            .set_nodelay(true)
            .and_then(|()| stream.set_read_timeout(patience));
        set.map_err(|error| format!("{address}: {error}"))?;
        Ok(Client {
            stream,
            buffer: vec![0; 1 << 16],
        })
    }

    /// Sends a request and waits for its answer.
    ///
    /// # Errors
    /// What the system says, or that the answer cannot be read.
    pub fn send(&mut self, request: &[u8]) -> Done<Answer> {
        let written = self.stream.write_all(request);
        written.map_err(|error| format!("sending: {error}"))?;
        let mut filled = 0;
        let end = loop {
            filled += self.read_from(filled)?;
            let seen = self.buffer.get(..filled).unwrap_or_default();
            if let Some(at) = seen.windows(4).position(|four| four == b"\r\n\r\n") {
                break at;
            }
        };
        let head = String::from_utf8_lossy(self.buffer.get(..end).unwrap_or_default()).into_owned();
        let length = header(&head, "content-length").and_then(|text| text.parse().ok());
        let length: usize = length.unwrap_or(0);
        let whole = end + 4 + length;
        while filled < whole {
            filled += self.read_from(filled)?;
        }
        let status = head.split(' ').nth(1).and_then(|text| text.parse().ok());
        Ok(Answer {
            status: status.ok_or_else(|| format!("no status in {head}"))?,
            etag: header(&head, "etag").map(str::to_owned),
            body: self.buffer.get(end + 4..whole).unwrap_or_default().to_vec(),
        })
    }

    /// Sends a request and takes nothing but one status.
    ///
    /// # Errors
    /// Another status, or what the system says.
    pub fn expect(&mut self, status: u16, request: &[u8]) -> Done<Answer> {
        let answer = self.send(request)?;
        if answer.status == status {
            return Ok(answer);
        }
        let asked = String::from_utf8_lossy(request);
        let asked = asked.lines().next().unwrap_or_default();
        let body = String::from_utf8_lossy(&answer.body);
        Err(format!("{asked}: {} {body}", answer.status))
    }

    fn read_from(&mut self, filled: usize) -> Done<usize> {
        if filled == self.buffer.len() {
            self.buffer.resize(filled * 2, 0);
        }
        let room = self.buffer.get_mut(filled..).unwrap_or_default();
        match self.stream.read(room) {
            Ok(0) => Err("the server closed the connection".to_owned()),
            Ok(count) => Ok(count),
            Err(error) => Err(format!("reading: {error}")),
        }
    }
}

fn header<'a>(head: &'a str, name: &str) -> Option<&'a str> {
    let mut lines = head.split("\r\n").filter_map(|line| line.split_once(": "));
    let found = lines.find(|(found, _)| found.eq_ignore_ascii_case(name));
    found.map(|(_, value)| value)
}
