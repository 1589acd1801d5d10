//! One request to the app's backend: its query, its signature, and what came back within the time.

use std::borrow::Cow;
use std::error::Error as _;
use std::net::IpAddr;
use std::time::{Duration, Instant};

use axum::body::Body;
use axum::http::{Request, Uri, header};
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::client::legacy::{self, Error};
use hyper_util::rt::{TokioExecutor, TokioTimer};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Map, Value};
use tencent_im_core::webhook::sign;

use super::target::Target;
use crate::service::read_whole;

/// How long a connection stays open for the next event: shorter than servers keep one, which is 5 seconds for many.
const IDLE: Duration = Duration::from_secs(3);

/// The connections to backends, kept alive as the service keeps them.
pub type Client = legacy::Client<HttpConnector, Body>;

/// A client without connections.
pub fn client() -> Client {
    let mut connector = HttpConnector::new();
    connector.set_nodelay(true);
    legacy::Client::builder(TokioExecutor::new()).pool_timer(TokioTimer::new()).pool_idle_timeout(IDLE).build(connector)
}

/// Where an event came from, as the query says it.
#[derive(Clone, Debug)]
pub struct Origin {
    /// The address of whoever caused it.
    pub ip: IpAddr,
    /// `RESTAPI`, or the client's platform.
    pub platform: Cow<'static, str>,
}

impl Origin {
    /// A call of the service.
    pub fn rest(ip: IpAddr) -> Self {
        Self { ip, platform: "RESTAPI".into() }
    }
}

/// What came back.
#[derive(Debug)]
pub enum Reply {
    /// An HTTP answer.
    Heard {
        /// Its status.
        status: u16,
        /// Its body.
        body: Vec<u8>,
    },
    /// None: not in time, no connection, or one that broke.
    Failed(String),
}

impl Reply {
    /// The answer, or why the delivery failed: any status but 200 does, and a body that is not an answer.
    pub fn answer(&self) -> Result<Map<String, Value>, Cow<'_, str>> {
        let (status, body) = match self {
            Self::Failed(fault) => return Err(fault.into()),
            Self::Heard { status, body } => (*status, body),
        };
        if status != 200 {
            return Err(format!("the HTTP status is {status}").into());
        }
        let answer: Map<String, Value> =
            serde_json::from_slice(body).map_err(|_| Cow::Borrowed("the answer is not a JSON object"))?;
        if answer.get("ErrorCode").and_then(Value::as_i64).is_none() {
            return Err("the answer has no ErrorCode".into());
        }
        Ok(answer)
    }
}

/// Sends one event. Gives what came back, and how long it took.
pub async fn deliver(
    client: &Client,
    target: &Target,
    sdk_app_id: u32,
    (command, text): (&str, String),
    origin: &Origin,
    now_s: u64,
) -> (Reply, Duration) {
    let begun = Instant::now();
    let uri = with_query(&target.uri, &query(target, sdk_app_id, command, origin, now_s));
    let request = Request::post(uri).header(header::CONTENT_TYPE, "application/json").body(Body::from(text));
    let timeout_ms = target.settings.timeout_ms;
    let reply = match request {
        Err(error) => Reply::Failed(error.to_string()),
        Ok(request) => tokio::time::timeout(Duration::from_millis(timeout_ms), send(client, request))
            .await
            .unwrap_or_else(|_| Reply::Failed(format!("no answer within {timeout_ms} ms"))),
    };
    (reply, begun.elapsed())
}

async fn send(client: &Client, request: Request<Body>) -> Reply {
    match client.request(request).await {
        Err(error) => Reply::Failed(fault(&error)),
        Ok(response) => {
            let status = response.status().as_u16();
            match read_whole(Body::new(response.into_body())).await {
                Some(body) => Reply::Heard { status, body: body.into() },
                None => Reply::Failed("the answer broke off, or is longer than 16 MiB".into()),
            }
        }
    }
}

fn fault(error: &Error) -> String {
    let mut cause = error.source();
    while let Some(deeper) = cause.and_then(|cause| cause.source()) {
        cause = Some(deeper);
    }
    let cause = cause.map_or_else(String::new, |cause| format!(": {cause}"));
    format!("{}{cause}", if error.is_connect() { "no connection" } else { "the connection broke" })
}

/// The URL's own query stays in front.
fn with_query(uri: &Uri, query: &str) -> String {
    let own = uri.query().map_or_else(String::new, |own| format!("{own}&"));
    let authority = uri.authority().map_or("", |authority| authority.as_str());
    format!("http://{authority}{}?{own}{query}", uri.path())
}

/// Not every webhook says where the event came from.
fn query(target: &Target, sdk_app_id: u32, command: &str, origin: &Origin, now_s: u64) -> String {
    let (has_ip, has_platform) = match command {
        "Push.OfflinePush" | "Push.AllMemberPush" | "ContentCallback.ResultNotify" => (false, false),
        "Group.CallbackOnMemberStateChange" => (false, false),
        "Group.CallbackSendMsgException" | "Alert.RequestOverLimit" => (false, true),
        _ => (true, true),
    };
    let encode = |text: &str| utf8_percent_encode(text, NON_ALPHANUMERIC).to_string();
    let mut query = format!("SdkAppid={sdk_app_id}&CallbackCommand={command}&contenttype=json");
    if has_ip {
        query += &format!("&ClientIP={}", origin.ip);
    }
    if has_platform {
        query += &format!("&OptPlatform={}", encode(&origin.platform));
    }
    if let Some(token) = &target.settings.token {
        query += &format!("&Sign={}&RequestTime={now_s}", sign(token, now_s));
    }
    query
}
