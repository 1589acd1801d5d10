//! Runs under random schedules, from fixed seeds: replies in any order, lost, late, twice; stops, kills at any moment and
//! resumed runs. What must hold in each: no item is lost, none is reported in two ways, none that must not be sent twice
//! is, and what is reported is what the service did.

use super::*;

/// SplitMix64: a seed that fails can be run alone.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((mixed ^ (mixed >> 31)) % sides as u64) as usize
    }

    fn happens(&mut self, one_in: usize) -> bool {
        self.roll(one_in) == 0
    }
}

/// A call, as the schedules use it.
#[derive(Clone, Copy)]
struct Subject {
    op: &'static str,
    /// Whether an item may take effect twice.
    is_safe: bool,
    others: fn() -> Value,
    item: fn(&str, usize) -> Value,
    /// An item that is refused before anything is sent.
    wrong: fn() -> Value,
    /// A body's items: their names, and what tells one from others of its name.
    read: fn(&Value) -> Vec<(String, String)>,
    /// The reply that names those that failed.
    reply: fn(&[(String, bool)]) -> Value,
}

fn text(value: &Value) -> String {
    value.as_str().expect("a text").to_owned()
}

fn listed(value: &Value) -> &[Value] {
    value.as_array().expect("a list")
}

const IMPORT: Subject = Subject {
    op: "accounts.import_accounts",
    is_safe: true,
    others: || json!({}),
    item: |name, _| json!({"user_id": name, "nick": "N"}),
    wrong: || json!({"user_id": "u".repeat(33)}),
    read: |body| match body.get("AccountList") {
        Some(list) => listed(list).iter().map(|item| (text(&item["UserID"]), String::new())).collect(),
        None => vec![(text(&body["Identifier"]), String::new())],
    },
    reply: |told| {
        let failed = told.iter().filter(|(_, is_ok)| !is_ok).map(|(name, _)| name);
        json!({"FailAccounts": failed.collect::<Vec<_>>()})
    },
};

const DELETE: Subject = Subject {
    op: "accounts.delete",
    item: |name, _| name.into(),
    wrong: || json!(7),
    read: |body| listed(&body["DeleteItem"]).iter().map(|item| (text(&item["UserID"]), String::new())).collect(),
    reply: |told| {
        let entry =
            |(name, is_ok): &(String, bool)| json!({"UserID": name, "ResultCode": if *is_ok { 0 } else { 70107 }});
        json!({"ResultItem": told.iter().map(entry).collect::<Vec<_>>()})
    },
    ..IMPORT
};

const UNBLOCK: Subject = Subject {
    op: "blocklist.remove",
    is_safe: false,
    others: || json!({"from_account": "mary"}),
    item: |name, _| name.into(),
    read: |body| listed(&body["To_Account"]).iter().map(|item| (text(item), String::new())).collect(),
    reply: |told| {
        let entry =
            |(name, is_ok): &(String, bool)| json!({"To_Account": name, "ResultCode": if *is_ok { 0 } else { 30001 }});
        json!({"ResultItem": told.iter().map(entry).collect::<Vec<_>>()})
    },
    wrong: || json!(7),
};

/// Of two items with one name, both are sent.
const TAG: Subject = Subject {
    op: "push.add_user_tags",
    item: |name, number| json!({"to_account": name, "tags": [format!("t{number}")]}),
    wrong: || json!({"to_account": "mary"}),
    read: |body| {
        let of = |item: &Value| (text(&item["To_Account"]), text(&item["Tags"][0]));
        listed(&body["UserTags"]).iter().map(of).collect()
    },
    reply: |told| {
        let failed = told.iter().filter(|(_, is_ok)| !is_ok);
        let entry = |(name, _): &(String, bool)| json!({"To_Account": name, "ErrorCode": 70107});
        json!({"ErrorList": failed.map(entry).collect::<Vec<_>>()})
    },
    ..IMPORT
};

/// An item of the input.
#[derive(Clone, Debug, PartialEq)]
enum Sort {
    Good,
    /// Fails alone, wherever it is.
    Fails,
    /// Makes each call with it fail.
    Poison,
    /// Refused before anything is sent.
    Wrong,
    /// The same as an item before it.
    Again(usize),
}

struct Input {
    subject: Subject,
    sorts: Vec<Sort>,
}

impl Input {
    fn drawn(subject: Subject, dice: &mut Dice) -> Self {
        let len = [3, 40, 250, 700][dice.roll(4)];
        let mut sorts: Vec<Sort> = Vec::new();
        for at in 0..dice.roll(len) + 1 {
            sorts.push(match dice.roll(40) {
                0 => Sort::Fails,
                1 if dice.happens(3) => Sort::Poison,
                2 => Sort::Wrong,
                3 if at > 0 => Sort::Again(dice.roll(at)),
                _ => Sort::Good,
            });
        }
        Self { subject, sorts }
    }

    /// The item that one is the same as.
    fn origin(&self, at: usize) -> usize {
        match self.sorts[at] {
            Sort::Again(before) => self.origin(before),
            _ => at,
        }
    }

    fn sort(&self, at: usize) -> &Sort {
        &self.sorts[self.origin(at)]
    }

    /// Names say what the service makes of them.
    fn name(&self, at: usize) -> String {
        let origin = self.origin(at);
        match self.sorts[origin] {
            Sort::Fails => format!("no{origin}"),
            Sort::Poison => format!("bad{origin}"),
            _ => format!("ok{origin}"),
        }
    }

    fn value(&self, at: usize) -> Value {
        match self.sort(at) {
            Sort::Wrong => (self.subject.wrong)(),
            _ => (self.subject.item)(&self.name(at), at),
        }
    }

    fn is_duplicate(&self, at: usize) -> bool {
        // Tags differ.
        matches!(self.sorts[at], Sort::Again(_)) && self.subject.op != TAG.op && *self.sort(at) != Sort::Wrong
    }
}

/// What the service did, over all runs.
#[derive(Default)]
struct Service {
    applied: BTreeMap<(String, String), u32>,
    /// What the journal has.
    disk: Vec<u8>,
    /// How much of it a crash of the machine cannot take.
    synced: usize,
}

impl Service {
    /// Answers a call, or not.
    fn answer(&mut self, subject: &Subject, call: &BatchCall, dice: &mut Dice) -> Result<Answer, Error> {
        let body: Value = serde_json::from_slice(&call.body).expect("JSON");
        let items = (subject.read)(&body);
        let fate = dice.roll(12);
        let transport = |maybe_applied| {
            let mut error = Error::new(Kind::Transport, "no answer");
            error.maybe_applied = maybe_applied;
            Err(error)
        };
        match fate {
            0 => return transport(false),
            1 => return Err(Error::new(Kind::RateLimited, "busy")),
            2 if dice.happens(4) => return Err(Error::new(Kind::Auth, "no such app")),
            3 if dice.happens(4) => return Err(Error::new(Kind::Quota, "full").code(70398)),
            _ => {}
        }
        if items.iter().any(|(name, _)| name.starts_with("bad")) {
            return Err(Error::new(Kind::InvalidInput, "refused").code(70402));
        }
        for item in items.iter().filter(|(name, _)| !name.starts_with("no")) {
            *self.applied.entry(item.clone()).or_default() += 1;
        }
        let told: Vec<(String, bool)> = items.iter().map(|(name, _)| (name.clone(), !name.starts_with("no"))).collect();
        match fate {
            4 => transport(true),
            5 if dice.happens(3) => {
                let mut error = Error::new(Kind::Cancelled, "cancelled");
                error.maybe_applied = true;
                Err(error)
            }
            _ if call.op.name == "accounts.import_account" && !told[0].1 => {
                Err(Error::new(Kind::ContentRejected, "refused alone").code(40006))
            }
            _ => ok((subject.reply)(&told)),
        }
    }

    fn write(&mut self, bulk: &mut Bulk, is_sending: bool) {
        self.disk.extend(bulk.take_journal().unwrap_or_default().into_bytes());
        if is_sending && bulk.must_sync() {
            self.synced = self.disk.len();
        }
    }
}

#[derive(PartialEq)]
enum End {
    Whole,
    Stopped,
    Killed,
}

/// One run: from the journal, in a random order, to its end or a kill.
fn one_run(input: &Input, service: &mut Service, settled: &mut BTreeMap<u64, ItemOutcome>, dice: &mut Dice) -> End {
    let subject = &input.subject;
    let op = find_op(subject.op).expect("a call");
    let others = (subject.others)().as_object().expect("an object").clone();
    let mut bulk = Bulk::new(op, &others, settings(1 + dice.roll(5)), None).expect("a run");
    let (checkpoint, kept) = journal::read(&service.disk, bulk.run()).expect("a journal");
    service.disk.truncate(kept);
    if kept == 0 {
        service.disk.extend(bulk.journal_header().into_bytes());
    }
    service.synced = service.disk.len();
    bulk.resume(checkpoint).expect("the same run");

    let kill_after = if dice.happens(2) { Some(dice.roll(400)) } else { None };
    let mut offered = 0;
    let mut skipped = BTreeSet::new();
    let mut reported: BTreeMap<u64, ItemOutcome> = BTreeMap::new();
    let mut unsettled: Vec<u64> = Vec::new();
    let mut flying: Vec<BatchCall> = Vec::new();
    let mut idle = 0;
    for step in 0.. {
        assert!(step < 200_000, "a run that does not end");
        if kill_after == Some(step) {
            let cut = service.synced + dice.roll(service.disk.len() - service.synced + 1);
            service.disk.truncate(cut);
            return End::Killed;
        }
        match dice.roll(6) {
            0 => {
                for _ in 0..dice.roll(120) + 1 {
                    if bulk.room() == 0 || offered == input.sorts.len() {
                        break;
                    }
                    if bulk.offer(&mut input.value(offered)) == Offered::Skipped {
                        skipped.insert(offered as u64);
                    }
                    offered += 1;
                }
            }
            1 if offered == input.sorts.len() => bulk.end_of_items(),
            1 if dice.happens(4) => bulk.flush(),
            2 => {
                let before = flying.len();
                while let Some(call) = bulk.next_batch() {
                    flying.push(call);
                }
                service.write(&mut bulk, flying.len() > before);
            }
            3 if !flying.is_empty() => {
                let call = flying.swap_remove(dice.roll(flying.len()));
                let result = service.answer(subject, &call, dice);
                bulk.on_result(call.id, result);
                // A second answer to the same call.
                bulk.on_result(call.id, ok(json!({})));
            }
            4 => {
                for _ in 0..dice.roll(200) {
                    let Some((number, outcome)) = bulk.take_outcome() else { break };
                    assert!(!skipped.contains(&number), "item {number} was skipped and is reported");
                    assert!(reported.insert(number, outcome).is_none(), "item {number} has two outcomes");
                    unsettled.push(number);
                }
            }
            5 => {
                let but = dice.roll(unsettled.len() + 1);
                bulk.settle(but);
                for number in unsettled.drain(..unsettled.len() - but) {
                    settled.insert(number, reported[&number].clone());
                    assert!(bulk.checkpoint().has(number));
                }
                service.write(&mut bulk, false);
            }
            _ => {}
        }
        let is_over = bulk.is_idle() && (offered == input.sorts.len() || bulk.stopped().is_some());
        idle = if is_over { idle + 1 } else { 0 };
        // Long enough for all outcomes to be taken and settled.
        if idle > 60 && unsettled.is_empty() {
            break;
        }
    }
    assert_eq!(bulk.checkpoint().counts.total(), bulk.checkpoint().done());
    let (read, kept) = journal::read(&service.disk, bulk.run()).expect("a journal");
    assert_eq!((&read, kept), (bulk.checkpoint(), service.disk.len()), "the journal says what the run knows");
    if let Some(error) = bulk.stopped() {
        assert!(error.path.as_deref() != Some("checkpoint"), "{error}");
        return End::Stopped;
    }
    let all: BTreeSet<u64> = reported.keys().copied().chain(skipped).collect();
    assert_eq!(all.len(), input.sorts.len(), "an item has no outcome");
    assert_eq!((bulk.checkpoint().below, bulk.checkpoint().beyond.len()), (input.sorts.len() as u64, 0));
    End::Whole
}

fn chaos(subject: Subject, seed: u64) {
    let dice = &mut Dice(seed);
    let input = Input::drawn(subject, dice);
    let mut service = Service::default();
    let mut settled = BTreeMap::new();
    let ended = (0..3_000).any(|_| one_run(&input, &mut service, &mut settled, dice) == End::Whole);
    assert!(ended, "it never comes to its end");
    let tell = |name: &str, at: u64| match subject.op == TAG.op {
        true => (name.to_owned(), format!("t{at}")),
        false => (name.to_owned(), String::new()),
    };
    // A settled outcome that a crash of the machine took from the journal is reported anew.
    assert_eq!(settled.len(), input.sorts.len(), "an item was never reported");
    for (at, outcome) in &settled {
        let name = input.name(*at as usize);
        let applied = service.applied.get(&tell(&name, *at)).copied().unwrap_or(0);
        let says = format!("{name} ({at}): {}, applied {applied} times", outcome.name());
        match outcome {
            ItemOutcome::Done(_) => assert!(applied > 0, "{says}"),
            ItemOutcome::Failed(error) if error.kind == Kind::Quota => {}
            ItemOutcome::Failed(_) => {
                assert!(matches!(input.sort(*at as usize), Sort::Fails | Sort::Poison), "{says}");
            }
            ItemOutcome::Refused(_) => assert_eq!(*input.sort(*at as usize), Sort::Wrong, "{says}"),
            ItemOutcome::Unknown(_) => assert!(!subject.is_safe, "{says}"),
            ItemOutcome::Duplicate => assert!(input.is_duplicate(*at as usize), "{says}"),
        }
        assert!(subject.is_safe || applied <= 1, "{says}");
    }
}

#[test]
fn no_schedule_loses_an_item_or_reports_it_wrongly() {
    for (subject, salt) in [IMPORT, DELETE, UNBLOCK, TAG].into_iter().zip(0..) {
        for seed in 0..100 {
            let seed = salt << 32 | seed;
            if let Err(cause) = std::panic::catch_unwind(|| chaos(subject, seed)) {
                eprintln!("{} with the seed {seed}", subject.op);
                std::panic::resume_unwind(cause);
            }
        }
    }
}
