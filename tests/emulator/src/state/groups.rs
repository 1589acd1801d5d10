//! Groups: what they are, who is in them, who may not speak or come in.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use serde_json::{Value, json};

use super::group_log::Log;
use super::permissions::Permissions;

/// A mute or ban without an end.
pub const FOR_EVER: u64 = u32::MAX as u64;

/// The groups of one app.
#[derive(Debug, Default)]
pub struct Groups {
    by_id: BTreeMap<String, Group>,
    last_ordinal: u64,
    /// Random numbers of broadcasts to all live groups: number and time.
    pub broadcasts: HashMap<u64, (u64, u64)>,
}

/// The type of a group, by its name on the wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GroupKind {
    /// Members invite; also called Work.
    Private,
    /// Anybody may ask to join.
    Public,
    /// Join and leave at will; also called Meeting.
    ChatRoom,
    /// Live group: no member list, no history.
    AVChatRoom,
    /// Very large, perhaps with topics.
    Community,
}

use GroupKind::{AVChatRoom, ChatRoom, Community, Private, Public};

impl GroupKind {
    /// By its name on the wire; case counts.
    pub fn parse(name: &str) -> Option<Self> {
        [Private, Public, ChatRoom, AVChatRoom, Community].into_iter().find(|kind| kind.as_str() == name)
    }

    /// Its name on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Private => "Private",
            Public => "Public",
            ChatRoom => "ChatRoom",
            AVChatRoom => "AVChatRoom",
            Community => "Community",
        }
    }

    /// Most members, as of the larger plans.
    pub fn most_members(self) -> u64 {
        match self {
            Private | Public | ChatRoom => 6_000,
            AVChatRoom => FOR_EVER,
            Community => 100_000,
        }
    }
}

/// One group.
#[derive(Debug)]
pub struct Group {
    /// Its id.
    pub id: String,
    /// Its place in the order of creation.
    pub ordinal: u64,
    /// Its type.
    pub kind: GroupKind,
    /// The texts by their wire names: `Name`, `Introduction`, `Notification`, `FaceUrl`.
    pub texts: BTreeMap<&'static str, String>,
    /// The owner, where it has one.
    pub owner: Option<String>,
    /// When it was made, in Unix seconds.
    pub created_s: u64,
    /// Rises with each change of the details.
    pub info_seq: u64,
    /// When the details last changed, in Unix seconds.
    pub changed_s: u64,
    /// Most members.
    pub max_members: u64,
    /// The options by their wire names: `ApplyJoinOption`, `InviteJoinOption`.
    pub options: BTreeMap<&'static str, String>,
    /// Whether all but owner and admins are muted.
    pub is_muted: bool,
    /// Whether it is a community with topics.
    pub has_topics: bool,
    /// Custom fields.
    pub custom: BTreeMap<String, String>,
    /// The members in the order in which they joined.
    pub members: Vec<Member>,
    /// Muted users and until when, in Unix seconds. It outlives their membership.
    pub mutes: BTreeMap<String, u64>,
    /// Banned users and until when, in Unix seconds.
    pub bans: BTreeMap<String, u64>,
    /// Attributes.
    pub attributes: BTreeMap<String, String>,
    /// The second of the last changes of attributes, and how many there were in it.
    pub attribute_changes: (u64, u32),
    /// Counters.
    pub counters: BTreeMap<String, i64>,
    /// Its messages.
    pub log: Log,
    /// System notices sent in it.
    pub notices: Vec<Value>,
    /// Its topics.
    pub topics: BTreeMap<String, Topic>,
    /// Its permission groups, where it is a community.
    pub permissions: Permissions,
    /// What only a live group has.
    pub live: Live,
}

/// The role of a member.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Role {
    /// The owner.
    Owner,
    /// An admin.
    Admin,
    /// An ordinary member.
    #[default]
    Member,
}

impl Role {
    /// Its name on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Role::Owner => "Owner",
            Role::Admin => "Admin",
            Role::Member => "Member",
        }
    }
}

/// One member.
#[derive(Clone, Debug, Default)]
pub struct Member {
    /// The account.
    pub account: String,
    /// The role.
    pub role: Role,
    /// When it joined, in Unix seconds.
    pub joined_s: u64,
    /// The number up to which it has read.
    pub read_seq: u64,
    /// The message setting, where it was changed.
    pub msg_flag: Option<String>,
    /// When it last sent a message, in Unix seconds.
    pub last_sent_s: u64,
    /// The name shown in the group.
    pub name_card: String,
    /// Custom fields.
    pub custom: BTreeMap<String, String>,
}

/// A topic of a community.
#[derive(Debug, Default)]
pub struct Topic {
    /// The texts by their wire names: `TopicName`, `FaceUrl`, `Notification`, `Introduction`, `CustomString`.
    pub texts: BTreeMap<&'static str, String>,
    /// When it was made, in Unix seconds.
    pub created_s: u64,
    /// Whether all but owner and admins are muted in it.
    pub is_muted: bool,
    /// Users muted in it and until when, in Unix seconds.
    pub mutes: BTreeMap<String, u64>,
    /// The number up to which each user has read.
    pub read_seqs: BTreeMap<String, u64>,
    /// Its messages.
    pub log: Log,
}

impl Topic {
    /// Notes that a user has sent a message, and has read it where it had read all before it.
    pub fn note_sent(&mut self, from: &str, seq: u64) {
        let read_seq = self.read_seqs.entry(from.to_owned()).or_default();
        if *read_seq + 1 == seq {
            *read_seq = seq;
        }
    }
}

/// What only a live group has.
#[derive(Debug, Default)]
pub struct Live {
    /// Who is in it now and since when: users come by a client SDK, here by the control plane.
    pub online: BTreeMap<String, u64>,
    /// Marks of those who are in it. 500 counts somebody as online who is not.
    pub marks: BTreeMap<String, BTreeSet<u64>>,
    /// Its admins, whether or not they are in it.
    pub admins: Vec<String>,
}

/// Whether a mute or ban still holds.
pub fn holds(until_s: u64, now_s: u64) -> bool {
    until_s >= FOR_EVER || now_s < until_s
}

/// The end of a mute or ban of so many seconds from now.
pub fn end_of(seconds: u64, now_s: u64) -> u64 {
    if seconds >= FOR_EVER { FOR_EVER } else { now_s.saturating_add(seconds).min(FOR_EVER) }
}

impl Group {
    /// A group without members.
    pub fn new(id: String, kind: GroupKind, now_s: u64) -> Self {
        Self {
            id,
            ordinal: 0,
            kind,
            texts: BTreeMap::new(),
            owner: None,
            created_s: now_s,
            info_seq: 1,
            changed_s: now_s,
            max_members: kind.most_members(),
            options: BTreeMap::new(),
            is_muted: false,
            has_topics: false,
            custom: BTreeMap::new(),
            members: Vec::new(),
            mutes: BTreeMap::new(),
            bans: BTreeMap::new(),
            attributes: BTreeMap::new(),
            attribute_changes: (0, 0),
            counters: BTreeMap::new(),
            log: Log::default(),
            notices: Vec::new(),
            topics: BTreeMap::new(),
            permissions: Permissions::default(),
            live: Live::default(),
        }
    }

    /// A member.
    pub fn member(&self, account: &str) -> Option<&Member> {
        self.members.iter().find(|member| member.account == account)
    }

    /// A member, to change.
    pub fn member_mut(&mut self, account: &str) -> Option<&mut Member> {
        self.members.iter_mut().find(|member| member.account == account)
    }

    /// Takes an account in as a member who has read everything so far.
    pub fn join(&mut self, account: &str, role: Role, joined_s: u64) -> &mut Member {
        let read_seq = self.log.last_seq();
        self.members.push(Member { account: account.into(), role, joined_s, read_seq, ..Member::default() });
        let last = self.members.len() - 1;
        &mut self.members[last]
    }

    /// Takes an account out of the group, and off its ownership. Says whether it was in.
    pub fn leave(&mut self, account: &str) -> bool {
        let before = self.members.len();
        self.members.retain(|member| member.account != account);
        if self.owner.as_deref() == Some(account) {
            self.owner = None;
        }
        self.permissions.leave(account);
        let was_online = self.leave_live(account);
        was_online || self.members.len() < before
    }

    /// Takes an account out of a live group, and its marks from it. Says whether it was in.
    pub fn leave_live(&mut self, account: &str) -> bool {
        self.live.marks.remove(account);
        self.live.online.remove(account).is_some()
    }

    /// Whether a user may not come in.
    pub fn is_banned(&self, account: &str, now_s: u64) -> bool {
        self.bans.get(account).is_some_and(|until_s| holds(*until_s, now_s))
    }

    /// Whether a user is its owner or one of its admins.
    pub fn is_led_by(&self, account: &str) -> bool {
        let has_role = self.member(account).is_some_and(|member| member.role != Role::Member);
        has_role || self.owner.as_deref() == Some(account) || self.live.admins.iter().any(|admin| admin == account)
    }

    /// Notes a change of the details.
    pub fn changed(&mut self, now_s: u64) {
        self.info_seq += 1;
        self.changed_s = now_s;
    }

    /// Users online in a live group: those who are in it, and those with mark 500.
    pub fn online(&self) -> BTreeMap<&str, u64> {
        let marked = self.live.marks.iter().filter(|(_, marks)| marks.contains(&500));
        let mut online: BTreeMap<&str, u64> = marked.map(|(account, _)| (account.as_str(), self.created_s)).collect();
        online.extend(self.live.online.iter().map(|(account, since_s)| (account.as_str(), *since_s)));
        online
    }

    fn show(&self) -> Value {
        json!({
            "name": self.texts.get("Name"),
            "type": self.kind.as_str(),
            "owner": self.owner,
            "members": self.members.iter().map(|member| &member.account).collect::<Vec<_>>(),
            "counters": self.counters,
            "attributes": self.attributes,
            "notices": self.notices,
            "topics": self.topics.keys().collect::<Vec<_>>(),
        })
    }
}

impl Groups {
    /// A group.
    pub fn get(&self, id: &str) -> Option<&Group> {
        self.by_id.get(id)
    }

    /// A group, to change.
    pub fn get_mut(&mut self, id: &str) -> Option<&mut Group> {
        self.by_id.get_mut(id)
    }

    /// Whether an id is taken.
    pub fn is_taken(&self, id: &str) -> bool {
        self.by_id.contains_key(id)
    }

    /// An id of the service's own making that no group has.
    pub fn free_id(&mut self, kind: GroupKind) -> String {
        loop {
            self.last_ordinal += 1;
            let number = self.last_ordinal;
            let id = match kind {
                Community => format!("@TGS#_@TGS#c{number:08}"),
                AVChatRoom => format!("@TGS#a{number:08}"),
                Private | Public | ChatRoom => format!("@TGS#{number:08}"),
            };
            // A community's id of somebody's own choice may look like this one.
            if !self.is_taken(&id) {
                return id;
            }
        }
    }

    /// Puts in a group whose id is free.
    pub fn insert(&mut self, mut group: Group) {
        self.last_ordinal += 1;
        group.ordinal = self.last_ordinal;
        self.by_id.insert(group.id.clone(), group);
    }

    /// Ends a group for good. Gives it, if there was one.
    pub fn remove(&mut self, id: &str) -> Option<Group> {
        self.by_id.remove(id)
    }

    /// All groups in the order of creation.
    pub fn all(&self) -> Vec<&Group> {
        let mut all: Vec<&Group> = self.by_id.values().collect();
        all.sort_by_key(|group| group.ordinal);
        all
    }

    /// All groups, to change, in the order of their ids.
    pub fn all_mut(&mut self) -> impl Iterator<Item = &mut Group> {
        self.by_id.values_mut()
    }

    /// Forgets everything about a user; what it sent stays.
    pub fn forget(&mut self, user_id: &str) {
        for group in self.by_id.values_mut() {
            group.leave(user_id);
            group.mutes.remove(user_id);
            group.bans.remove(user_id);
            group.live.admins.retain(|admin| admin != user_id);
        }
    }

    /// For the control plane.
    pub fn show(&self) -> serde_json::Map<String, Value> {
        self.by_id.iter().map(|(id, group)| (id.clone(), group.show())).collect()
    }

    /// For the control plane: the messages of all groups and topics.
    pub fn show_messages(&self) -> impl Iterator<Item = Value> {
        self.by_id.iter().flat_map(|(id, group)| {
            let topics = group.topics.iter().flat_map(|(id, topic)| topic.log.show(id));
            group.log.show(id).chain(topics)
        })
    }
}
