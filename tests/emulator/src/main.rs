//! The emulator as a program: one JSON line on standard output when it is ready, then it serves until it is stopped.

use std::io::{Read, Write};
use std::process::ExitCode;

use lexopt::prelude::*;
use serde_json::json;
use tencent_im_emulator::{App, Commands, Config, Emulator, Late, WebhookSettings};

const HELP: &str = "\
Local emulator of the Tencent Chat REST API, for tests and demos.

usage: tencent-im-emulator [options]

  --sdk-app-id ID         the app; default: TENCENT_IM_SDK_APP_ID
  --secret-key KEY        its secret key, repeatable: each is good; default: TENCENT_IM_SECRET_KEY
  --app ID:KEY            a further app, or a further key of an app; repeatable
  --admin NAME            a name that may make calls, repeatable; default: administrator
  --host ADDRESS          default 127.0.0.1
  --port PORT             default 0: a free one
  --account-quota N       most accounts of an app besides its admins; 70398 beyond
  --block-deleted         a deleted name cannot be imported again for three months; 70399
  --no-deletion           accounts cannot be deleted; 71000
  --rate-limits           the documented rates hold; 60007 beyond
  --webhook-url URL       send the app's webhooks here, over plain HTTP
  --webhook-token TOKEN   sign them with this token; default: TENCENT_IM_WEBHOOK_TOKEN
  --webhook NAME          only these webhooks, repeatable; default: all
  --webhook-late-refused  refuse a message whose webhook is not answered in time; default: it is sent
  --webhook-retries       retry events that could not be delivered
  --webhook-any-host      allow webhook URLs on other machines
  --until-stdin-closes    stop when standard input ends, so that a test runner that dies takes the emulator along
  --help

When it serves it prints one line: {\"url\":\"http://127.0.0.1:PORT\",\"sdk_app_id\":ID,\"pid\":PID}
It stops on SIGTERM and SIGINT.
";

struct Options {
    config: Config,
    until_stdin_closes: bool,
}

fn main() -> ExitCode {
    match options() {
        Ok(None) => {
            print!("{HELP}");
            ExitCode::SUCCESS
        }
        Ok(Some(options)) => match run(options) {
            Ok(()) => ExitCode::SUCCESS,
            Err(error) => {
                eprintln!("tencent-im-emulator: {error}");
                ExitCode::FAILURE
            }
        },
        Err(error) => {
            eprintln!("tencent-im-emulator: {error}\n\n{HELP}");
            ExitCode::from(2)
        }
    }
}

/// The options about webhooks.
#[derive(Default)]
struct Webhooks {
    url: Option<String>,
    token: Option<String>,
    names: Vec<String>,
    late_refused: bool,
    retries: bool,
}

impl Webhooks {
    fn settings(self) -> Result<Option<WebhookSettings>, lexopt::Error> {
        let Some(url) = self.url else {
            let is_bare = self.token.is_none() && self.names.is_empty() && !self.late_refused && !self.retries;
            return if is_bare { Ok(None) } else { Err("webhook options need --webhook-url".into()) };
        };
        let mut settings = WebhookSettings { retries: self.retries, ..WebhookSettings::new(url) };
        settings.token =
            self.token.or_else(|| std::env::var("TENCENT_IM_WEBHOOK_TOKEN").ok().filter(|token| !token.is_empty()));
        if self.late_refused {
            settings.late = Late::Refuse;
        }
        if !self.names.is_empty() {
            settings.commands = Commands::named(self.names.iter().map(String::as_str))?;
        }
        Ok(Some(settings))
    }
}

/// Reads the command line; none when it asks for help.
fn options() -> Result<Option<Options>, lexopt::Error> {
    let mut config = Config::default();
    let mut until_stdin_closes = false;
    let (mut sdk_app_id, mut keys, mut admins) = (None, Vec::new(), Vec::new());
    let mut webhooks = Webhooks::default();
    let mut arguments = lexopt::Parser::from_env();
    while let Some(argument) = arguments.next()? {
        match argument {
            // In words of our own: lexopt's would show the value, which may be a key in the wrong place.
            Long("sdk-app-id") => {
                let id = arguments.value()?.string()?;
                sdk_app_id = Some(id.parse().map_err(|_| "--sdk-app-id wants a number")?);
            }
            Long("secret-key") => keys.push(arguments.value()?.string()?),
            Long("app") => {
                let app = arguments.value()?.string()?;
                let Some((Ok(id), key)) = app.split_once(':').map(|(id, key)| (id.parse(), key)) else {
                    return Err("--app wants ID:KEY".into());
                };
                add_key(&mut config.apps, id, key.into());
            }
            Long("admin") => admins.push(arguments.value()?.string()?),
            Long("host") => config.host = arguments.value()?.parse()?,
            Long("port") => config.port = arguments.value()?.parse()?,
            Long("account-quota") => config.settings.account_quota = Some(arguments.value()?.parse()?),
            Long("block-deleted") => config.settings.block_deleted = true,
            Long("no-deletion") => config.settings.allow_deletion = false,
            Long("rate-limits") => config.settings.rate_limits = true,
            Long("webhook-url") => webhooks.url = Some(arguments.value()?.string()?),
            Long("webhook-token") => webhooks.token = Some(arguments.value()?.string()?),
            Long("webhook") => webhooks.names.push(arguments.value()?.string()?),
            Long("webhook-late-refused") => webhooks.late_refused = true,
            Long("webhook-retries") => webhooks.retries = true,
            Long("webhook-any-host") => config.webhooks_to_any_host = true,
            Long("until-stdin-closes") => until_stdin_closes = true,
            Long("help") | Short('h') => return Ok(None),
            Value(_) => return Err("every value wants the name of its option before it".into()),
            _ => return Err(argument.unexpected()),
        }
    }
    if !admins.is_empty() {
        config.admins = admins;
    }
    config.webhooks = webhooks.settings()?;
    let main_app = main_app(sdk_app_id, keys, config.apps.is_empty())?;
    if let Some((id, keys)) = main_app {
        // The app named on its own comes first: the ready line tells its id.
        let further = std::mem::take(&mut config.apps);
        let keys = keys.into_iter().map(|key| (id, key));
        let further = further.into_iter().flat_map(|app| app.keys.into_iter().map(move |key| (app.sdk_app_id, key)));
        for (id, key) in keys.chain(further) {
            add_key(&mut config.apps, id, key);
        }
    }
    Ok(Some(Options { config, until_stdin_closes }))
}

/// The app that is not given by `--app`. The environment fills in what is missing.
fn main_app(id: Option<u32>, keys: Vec<String>, is_needed: bool) -> Result<Option<(u32, Vec<String>)>, lexopt::Error> {
    if id.is_none() && keys.is_empty() && !is_needed {
        return Ok(None);
    }
    let id = match id {
        Some(id) => id,
        None => std::env::var("TENCENT_IM_SDK_APP_ID")
            .map_err(|_| "--sdk-app-id or TENCENT_IM_SDK_APP_ID is missing")?
            .parse()
            .map_err(|_| "TENCENT_IM_SDK_APP_ID is not a number")?,
    };
    let keys = match keys.is_empty() {
        false => keys,
        true => {
            vec![
                std::env::var("TENCENT_IM_SECRET_KEY")
                    .map_err(|_| "--secret-key or TENCENT_IM_SECRET_KEY is missing")?,
            ]
        }
    };
    Ok(Some((id, keys)))
}

fn add_key(apps: &mut Vec<App>, sdk_app_id: u32, key: String) {
    match apps.iter_mut().find(|app| app.sdk_app_id == sdk_app_id) {
        Some(app) => app.keys.push(key),
        None => apps.push(App::new(sdk_app_id, key)),
    }
}

fn run(options: Options) -> std::io::Result<()> {
    let sdk_app_id = options.config.apps.first().map(|app| app.sdk_app_id);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let (ending, mut ended) = tokio::sync::mpsc::channel(1);
    // Before the ready line, so that a signal that follows it at once is not missed.
    runtime.block_on(async { listen_for_signals(&ending) })?;
    let emulator = Emulator::start(options.config)?;
    let ready = json!({"url": emulator.url(), "sdk_app_id": sdk_app_id, "pid": std::process::id()});
    let mut stdout = std::io::stdout();
    writeln!(stdout, "{ready}").and_then(|()| stdout.flush())?;
    if options.until_stdin_closes {
        let ending = ending.clone();
        std::thread::spawn(move || {
            // Whatever comes in is nobody's concern; its end is.
            let mut sink = [0; 256];
            while std::io::stdin().read(&mut sink).is_ok_and(|read| read > 0) {}
            let _ = ending.blocking_send(());
        });
    }
    runtime.block_on(ended.recv());
    emulator.stop();
    Ok(())
}

#[cfg(unix)]
fn listen_for_signals(ending: &tokio::sync::mpsc::Sender<()>) -> std::io::Result<()> {
    use tokio::signal::unix::{SignalKind, signal};
    for kind in [SignalKind::terminate(), SignalKind::interrupt()] {
        let mut signals = signal(kind)?;
        let ending = ending.clone();
        tokio::spawn(async move {
            signals.recv().await;
            let _ = ending.send(()).await;
        });
    }
    Ok(())
}

#[cfg(not(unix))]
fn listen_for_signals(ending: &tokio::sync::mpsc::Sender<()>) -> std::io::Result<()> {
    let ending = ending.clone();
    tokio::spawn(async move {
        let _ = tokio::signal::ctrl_c().await;
        let _ = ending.send(()).await;
    });
    Ok(())
}
