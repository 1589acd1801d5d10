//! From a request to an event.

use std::borrow::Cow;

use percent_encoding::percent_encode_byte;
use serde::de::DeserializeOwned;
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::query::{Platform, Query};
use super::settings::Receiver;
use super::verify::hex;
use super::{EVENTS, EventOf, Webhook, find, refused, shown};
use crate::error::{Error, Kind, Result, is_plain};
use crate::json::{text_of, top_values};
use crate::schema::names::Style;
use crate::schema::walk::{self, MAX_REPLY_BYTES};
use crate::schema::{JsonSink, Sink};

/// Longest command read, in bytes. Documented ones have up to 54.
const MAX_COMMAND_BYTES: usize = 128;

/// Longest id without a hash, in bytes beside the command: stores keep many.
const MAX_ID_BYTES: usize = 512;

/// Times below this are seconds, from there on milliseconds: 1 January 2100 in seconds, 17 February 1970 in milliseconds.
const FIRST_MILLIS: u64 = 4_102_444_800;

/// A genuine event.
#[derive(Clone, Debug)]
pub struct Event {
    /// Name of the webhook, such as `C2C.CallbackBeforeSendMsg`.
    pub command: String,
    /// Facts of the webhook; `None` for one that this version does not know.
    pub webhook: Option<&'static Webhook>,
    /// Tells the event from all others: the same when the service sends it again.
    pub id: String,
    /// Where the event came from, if the service says so.
    pub platform: Option<Platform>,
    /// Address of the client that caused it, if one did.
    pub client_ip: Option<String>,
    /// When it happened, in milliseconds since 1970, if the event says so. A list of events has the time of the first.
    pub event_time_ms: Option<u64>,
    /// The accounts that an answer can refuse one by one, in the webhooks that have such accounts.
    pub accounts: Vec<String>,
    /// The body as JSON text, mended where it was nearly JSON.
    json: String,
}

/// Checks what is known of a request before its body is read: method, content type, and the length of the body if it is known.
///
/// Fails with [`Kind::Webhook`] and HTTP status 405, 415 or 413.
pub fn check_request(
    receiver: &Receiver,
    method: &str,
    content_type: Option<&str>,
    body_bytes: Option<u64>,
) -> Result<()> {
    if method != "POST" {
        return Err(refused(405, format!("the method is {}, not POST", shown(method))));
    }
    if let Some(content_type) = content_type.filter(|content_type| is_other_media(content_type)) {
        return Err(refused(415, format!("the content type {} is not JSON", shown(content_type))));
    }
    match body_bytes {
        Some(bytes) if bytes > receiver.max_body_bytes as u64 => Err(too_long(receiver)),
        _ => Ok(()),
    }
}

/// Whether a content type cannot be that of JSON. The service documents none for its requests, so that whatever might
/// hold JSON passes: the body tells.
fn is_other_media(content_type: &str) -> bool {
    let media = content_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    ["multipart/", "image/", "audio/", "video/", "font/", "model/"].iter().any(|start| media.starts_with(start))
        || ["html", "xml", "css", "javascript"].iter().any(|end| media.ends_with(end))
}

fn too_long(receiver: &Receiver) -> Error {
    refused(413, format!("the body is longer than {} bytes", receiver.max_body_bytes))
}

impl Receiver {
    /// Reads a request: its query line, with or without what stands before the question mark, and its body. `now_s` is the
    /// time in Unix seconds.
    ///
    /// Fails with [`Kind::Webhook`]. `http_status` is the status to answer with: 401 if the request is not signed as it
    /// should be, 403 if it is for another app, 413 if its body is too long, 400 if it cannot be read.
    pub fn read(&self, query: &str, body: &[u8], now_s: u64) -> Result<Event> {
        if body.len() > self.max_body_bytes {
            return Err(too_long(self));
        }
        let query = Query::parse(query)?;
        self.verification.check(&query, now_s)?;
        self.check_app(&query)?;
        let json = text_of(body);
        let command = match query.command.clone() {
            Some(command) => command,
            // Documented in every query, and easily lost by a proxy that rewrites it.
            None => command_of(&json)?,
        };
        check_command(&command)?;
        let webhook = find(&command);
        let facts = Facts::read(webhook, &command, &json)?;
        let id = id_of(&command, webhook, &facts.id, &json);
        let mut event = Event {
            id,
            webhook,
            platform: query.platform,
            client_ip: query.client_ip.map(Cow::into_owned),
            event_time_ms: facts.time_ms,
            accounts: Vec::new(),
            command: command.into_owned(),
            json: json.into_owned(),
        };
        if let Some(webhook) = webhook {
            event.look_inside(webhook)?;
        }
        Ok(event)
    }

    fn check_app(&self, query: &Query) -> Result<()> {
        let Some(app) = query.sdk_app_id.as_deref() else {
            return Err(refused(400, "the query has no SdkAppid")
                .cause("the request is not a webhook, or a proxy cut its query off")
                .cure("hand the whole query on"));
        };
        if app.parse() == Ok(self.sdk_app_id) {
            return Ok(());
        }
        Err(refused(403, format!("the event is for the app {}, not for {}", shown(app), self.sdk_app_id))
            .cure("set the URL of this receiver in the console of its own app only"))
    }
}

/// What stands at the top of a body beside the event's own fields.
struct Facts {
    time_ms: Option<u64>,
    /// The fields that make the id.
    id: Vec<Option<Value>>,
}

const COMMAND: &str = "CallbackCommand";
const TIME: &str = "EventTime";

impl Facts {
    fn read(webhook: Option<&Webhook>, command: &str, json: &str) -> Result<Self> {
        let mut names = Vec::with_capacity(8);
        names.extend([COMMAND, TIME]);
        if let Some(webhook) = webhook {
            let wire = |name: &&str| (webhook.body)().fields.iter().find(|field| field.name == *name);
            names.extend(webhook.id.iter().filter_map(wire).map(|field| field.wire));
        }
        let mut found = top_values(json, &names).map_err(|error| unreadable(json, &error))?;
        let id = found.split_off(2);
        let time_ms = found.pop().flatten().as_ref().and_then(millis);
        match found.pop().flatten() {
            // ContentCallback.ResultNotify has none, and a list of events has one in each.
            None | Some(Value::Null) => {}
            Some(said) => agree(command, &said)?,
        }
        Ok(Self { time_ms, id })
    }
}

/// The command that only the body names.
fn command_of(json: &str) -> Result<Cow<'static, str>> {
    let found = top_values(json, &[COMMAND]).map_err(|error| unreadable(json, &error))?.pop().flatten();
    match found {
        Some(Value::String(command)) => Ok(Cow::Owned(command)),
        _ => Err(refused(400, "neither the query nor the body has a CallbackCommand")),
    }
}

fn check_command(command: &str) -> Result<()> {
    if command.is_empty() || command.len() > MAX_COMMAND_BYTES || command.chars().any(char::is_control) {
        return Err(refused(400, format!("{:?} is not a CallbackCommand", shown(command))));
    }
    Ok(())
}

/// Refuses an event whose body names another command than its query: a handler would misread it.
fn agree(command: &str, said: &Value) -> Result<()> {
    if said.as_str() == Some(command) {
        return Ok(());
    }
    let said = said.as_str().map_or_else(|| "something that is not text".into(), shown);
    Err(refused(400, format!("the query says {}, the body {said}", shown(command))))
}

/// A time in milliseconds. Samples have it as text, too; a list of events has seconds.
fn millis(time: &Value) -> Option<u64> {
    let number = match time {
        Value::Number(number) => number.as_u64()?,
        Value::String(text) => text.trim().parse().ok()?,
        _ => return None,
    };
    Some(if number < FIRST_MILLIS { number * 1000 } else { number }).filter(|time| *time > 0)
}

fn unreadable(json: &str, error: &serde_json::Error) -> Error {
    let fault = if json.trim().is_empty() {
        "the body is empty"
    } else if error.is_eof() {
        "the body was cut short"
    } else {
        "the body is not the JSON object that the service sends"
    };
    refused(400, fault).cause(error.to_string())
}

/// An event's id: its command with the fields that make it, or with a hash of its body.
fn id_of(command: &str, webhook: Option<&Webhook>, fields: &[Option<Value>], json: &str) -> String {
    let mut id = String::with_capacity(128);
    id.push_str(command);
    for (name, value) in webhook.map_or(&[][..], |webhook| webhook.id).iter().zip(fields) {
        let required = webhook
            .is_some_and(|webhook| (webhook.body)().fields.iter().any(|field| field.name == *name && field.required));
        let part = match value {
            Some(Value::String(text)) => escaped(text),
            Some(Value::Number(number)) => Cow::Owned(number.to_string()),
            None | Some(Value::Null) if !required => Cow::Borrowed(""),
            _ => return hashed(command, json),
        };
        if required && part.is_empty() {
            return hashed(command, json);
        }
        id.push('/');
        id += &part;
    }
    if (1..=MAX_ID_BYTES).contains(&(id.len() - command.len())) { id } else { hashed(command, json) }
}

/// A part of an id: no text can look like two parts, and none harms a log.
fn escaped(text: &str) -> Cow<'_, str> {
    let stays = |c: char| c != '%' && c != '/' && is_plain(c);
    if text.chars().all(stays) {
        return Cow::Borrowed(text);
    }
    let mut escaped = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        if stays(c) {
            escaped.push(c);
        } else {
            let mut bytes = [0; 4];
            escaped.extend(c.encode_utf8(&mut bytes).bytes().map(percent_encode_byte));
        }
    }
    Cow::Owned(escaped)
}

fn hashed(command: &str, json: &str) -> String {
    let hash: [u8; 32] = Sha256::digest(json).into();
    format!("{command}/sha256:{}", hex(&hash[..16]))
}

impl Event {
    /// Reads the body into a language's own objects. That of an unknown webhook keeps its names.
    ///
    /// Fails with [`Kind::Webhook`] if it is broken or nested too deep.
    pub fn read_into(&self, style: Style, sink: &mut dyn Sink) -> Result<()> {
        // A time that could not be read stays among the fields.
        let envelope: &[&str] = if self.event_time_ms.is_some() { &[COMMAND, TIME] } else { &[COMMAND] };
        walk::event(self.webhook.map(|webhook| webhook.body), envelope, &self.json, style, sink).map_err(|mut error| {
            if error.kind == Kind::Protocol {
                error.kind = Kind::Webhook;
                error.http_status = Some(400);
            }
            error.operation = self.webhook.map(|webhook| webhook.command);
            error
        })
    }

    /// The body as JSON text with the names of the wire.
    fn wire(&self) -> Result<Vec<u8>> {
        let mut sink = JsonSink::new(2 * MAX_REPLY_BYTES);
        self.read_into(Style::Wire, &mut sink)?;
        Ok(sink.into_bytes())
    }

    /// Takes out of the body what only some webhooks have: the accounts to decide on, the first event of a list.
    fn look_inside(&mut self, webhook: &'static Webhook) -> Result<()> {
        let asked = webhook.answers().and_then(|answers| answers.asked());
        let list = match asked {
            Some(asked) => asked.list,
            None if webhook.is_list() => EVENTS,
            None => return Ok(()),
        };
        let body: Value =
            serde_json::from_slice(&self.wire()?).map_err(|error| Error::new(Kind::Internal, error.to_string()))?;
        let items = body.get(list).and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
        match asked {
            Some(asked) => {
                let account = |item: &Value| item.get(asked.account)?.as_str().map(str::to_owned);
                self.accounts = items.iter().filter_map(account).collect();
            }
            None => {
                for said in items.iter().filter_map(|item| item.get(COMMAND)) {
                    agree(&self.command, said)?;
                }
                self.event_time_ms = items.first().and_then(|item| item.get(TIME)).and_then(millis);
            }
        }
        Ok(())
    }
}

impl<Body: DeserializeOwned> EventOf<Body> {
    /// Reads the body of an event into its Rust type.
    ///
    /// Fails with [`Kind::InvalidInput`] for an event of another webhook, and with [`Kind::Webhook`] if the body does not
    /// have the documented types.
    pub fn read(&self, event: &Event) -> Result<Body> {
        if event.command != self.command {
            let message = format!("the event is {}, not {}", shown(&event.command), self.command);
            return Err(Error::new(Kind::InvalidInput, message).cure("look at its command first"));
        }
        serde_json::from_slice(&event.wire()?).map_err(|error| {
            let mut refusal = refused(400, "the body does not have the documented types").cause(error.to_string());
            refusal.operation = Some(self.webhook().command);
            refusal
        })
    }
}
