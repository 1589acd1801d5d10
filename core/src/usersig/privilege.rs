//! PrivateMapKey: the UserSig of TRTC whose userbuf names one room and the rights in it.

use core::fmt;
use core::ops::BitOr;

use super::inspect::UserSig;
use super::sign::{Signer, check, invalid};
use crate::error::{Error, Result};

/// Longest name of a room, in bytes.
pub const MAX_ROOM_BYTES: usize = 64;

/// What a room's name may have besides letters and digits.
const ROOM_MARKS: &[u8] = b" !#$%&()+-:;<=.>?@[]^_{}|~,";

/// A room of TRTC. Number 123 and text `123` are two different rooms.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Room {
    /// A room with a number, from 1.
    Number(u32),
    /// A room with a name: 1 to [`MAX_ROOM_BYTES`] bytes of letters, digits, space and ``!#$%&()+-:;<=.>?@[]^_{}|~,``.
    Text(String),
}

impl Room {
    fn check(&self) -> Result<()> {
        let (fault, cure) = match self {
            // The layout writes number 0 next to a name, and the service reserves it.
            Self::Number(0) => ("the room number is 0", "pass a number from 1"),
            Self::Number(_) => return Ok(()),
            Self::Text(name) if name.is_empty() || name.len() > MAX_ROOM_BYTES => {
                ("the room's name is empty or too long", "use 1 to 64 bytes")
            }
            Self::Text(name)
                if !name.bytes().all(|byte| byte.is_ascii_alphanumeric() || ROOM_MARKS.contains(&byte)) =>
            {
                (
                    "the room's name has a character that TRTC does not allow",
                    "use letters, digits, space and !#$%&()+-:;<=.>?@[]^_{}|~,",
                )
            }
            Self::Text(_) => return Ok(()),
        };
        Err(invalid("room", fault.into()).cure(cure))
    }
}

/// Rights in a room, one bit each. Put together with `|`.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Privileges(u32);

impl Privileges {
    /// No right at all.
    pub const NONE: Self = Self(0);
    /// Create the room by entering it first.
    pub const CREATE_ROOM: Self = Self(1);
    /// Enter the room.
    pub const ENTER_ROOM: Self = Self(2);
    /// Send audio.
    pub const SEND_AUDIO: Self = Self(4);
    /// Receive audio.
    pub const RECEIVE_AUDIO: Self = Self(8);
    /// Send video.
    pub const SEND_VIDEO: Self = Self(16);
    /// Receive video.
    pub const RECEIVE_VIDEO: Self = Self(32);
    /// Send the sub-stream, which is the shared screen.
    pub const SEND_SCREEN: Self = Self(64);
    /// Receive the sub-stream.
    pub const RECEIVE_SCREEN: Self = Self(128);
    /// Everything.
    pub const ALL: Self = Self(255);

    const NAMES: [(&str, Self); 8] = [
        ("create_room", Self::CREATE_ROOM),
        ("enter_room", Self::ENTER_ROOM),
        ("send_audio", Self::SEND_AUDIO),
        ("receive_audio", Self::RECEIVE_AUDIO),
        ("send_video", Self::SEND_VIDEO),
        ("receive_video", Self::RECEIVE_VIDEO),
        ("send_screen", Self::SEND_SCREEN),
        ("receive_screen", Self::RECEIVE_SCREEN),
    ];

    /// From the number the vendor's pages use, such as 255 for everything. Only the low 8 bits mean something.
    pub fn from_bits(bits: u32) -> Result<Self> {
        if bits > Self::ALL.0 {
            return Err(invalid("privileges", format!("the privileges {bits} are over 255")).cure(
                "pass the sum of 1 create, 2 enter, 4 and 8 send and receive audio, 16 and 32 video, 64 and 128 screen",
            ));
        }
        Ok(Self(bits))
    }

    /// From names such as `enter_room` or `enterRoom`; see [`names`](Self::names).
    pub fn from_names<'a>(names: impl IntoIterator<Item = &'a str>) -> Result<Self> {
        let find = |(i, name): (usize, &str)| {
            Self::NAMES.iter().find(|(known, _)| same_words(known, name)).map(|(_, privilege)| *privilege).ok_or_else(
                || {
                    invalid(&format!("privileges[{i}]"), format!("there is no privilege {name:?}"))
                        .cure("create_room, enter_room, send_ or receive_ with audio, video or screen")
                },
            )
        };
        names.into_iter().enumerate().map(find).try_fold(Self::NONE, |all, one| Ok(all | one?))
    }

    /// The number that goes into the userbuf.
    pub const fn bits(self) -> u32 {
        self.0
    }

    /// Whether all of these rights are among them.
    pub const fn contains(self, rights: Self) -> bool {
        self.0 & rights.0 == rights.0
    }

    /// The names of the rights, in snake_case.
    pub fn names(self) -> impl Iterator<Item = &'static str> {
        Self::NAMES.into_iter().filter(move |(_, right)| self.contains(*right)).map(|(name, _)| name)
    }
}

/// Whether two names have the same words, however they are put together: `enter_room` and `enterRoom` do.
fn same_words(a: &str, b: &str) -> bool {
    let letters = |name: &'_ str| {
        name.bytes().filter(|byte| *byte != b'_').map(|byte| byte.to_ascii_lowercase()).collect::<Vec<_>>()
    };
    letters(a) == letters(b)
}

impl BitOr for Privileges {
    type Output = Self;
    fn bitor(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

impl fmt::Debug for Privileges {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Privileges({}:", self.0)?;
        self.names().try_for_each(|name| write!(f, " {name}"))?;
        f.write_str(")")
    }
}

/// What the userbuf of a PrivateMapKey states.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PrivateMapKey {
    /// The user, the same as in the UserSig around it.
    pub user_id: String,
    /// The app, the same as in the UserSig around it.
    pub sdk_app_id: u32,
    /// The one room.
    pub room: Room,
    /// The last second it is good for, in Unix seconds: an instant, while the UserSig has a lifetime.
    pub expires_at_s: u32,
    /// The rights in the room.
    pub privileges: Privileges,
    /// Always 0 from the official signers.
    pub account_type: u32,
}

impl PrivateMapKey {
    /// The userbuf: integers big-endian, texts after their length in bytes of UTF-8.
    ///
    /// version (1), length and user, app (4), room number (4), end (4), privileges (4), account type (4); version 1
    /// has length and name of the room after that. A length takes two bytes; longer texts have been refused before.
    pub(super) fn to_userbuf(&self) -> Vec<u8> {
        let (version, number, name) = match &self.room {
            Room::Number(number) => (0, *number, None),
            Room::Text(name) => (1, 0, Some(name)),
        };
        let mut out = vec![version];
        push_text(&mut out, &self.user_id);
        for number in [self.sdk_app_id, number, self.expires_at_s, self.privileges.0, self.account_type] {
            out.extend_from_slice(&number.to_be_bytes());
        }
        if let Some(name) = name {
            push_text(&mut out, name);
        }
        out
    }
}

fn push_text(out: &mut Vec<u8>, text: &str) {
    out.extend_from_slice(&(text.len() as u16).to_be_bytes());
    out.extend_from_slice(text.as_bytes());
}

/// Reads the userbuf of a PrivateMapKey, which [`UserSig::userbuf`] holds. It proves nothing unless that UserSig was
/// verified. Fails with [`Kind::InvalidInput`](crate::Kind) when the bytes have another layout.
pub fn parse_private_map_key(userbuf: &[u8]) -> Result<PrivateMapKey> {
    read(userbuf).ok_or_else(|| {
        invalid("userbuf", "the userbuf is not that of a PrivateMapKey".into())
            .cause("its layout is another one, or the user's name is not UTF-8")
            .cure("make it with private_map_key or an official signer, with a name of ASCII characters only")
    })
}

fn read(mut rest: &[u8]) -> Option<PrivateMapKey> {
    let version = take::<1>(&mut rest)?[0];
    let user_id = take_text(&mut rest)?;
    let sdk_app_id = take_u32(&mut rest)?;
    let number = take_u32(&mut rest)?;
    let expires_at_s = take_u32(&mut rest)?;
    let privileges = Privileges(take_u32(&mut rest)?);
    let account_type = take_u32(&mut rest)?;
    let room = match version {
        0 => Room::Number(number),
        // The Node signer writes version 1 and an empty name for a room with a number when the name given is "".
        1 => Some(take_text(&mut rest)?).filter(|name| !name.is_empty()).map_or(Room::Number(number), Room::Text),
        _ => return None,
    };
    rest.is_empty().then_some(PrivateMapKey { user_id, sdk_app_id, room, expires_at_s, privileges, account_type })
}

fn take<const N: usize>(rest: &mut &[u8]) -> Option<[u8; N]> {
    let (head, tail) = rest.split_first_chunk()?;
    *rest = tail;
    Some(*head)
}

fn take_u32(rest: &mut &[u8]) -> Option<u32> {
    take(rest).map(u32::from_be_bytes)
}

fn take_text(rest: &mut &[u8]) -> Option<String> {
    let length = u16::from_be_bytes(take(rest)?).into();
    let (text, tail) = rest.split_at_checked(length)?;
    *rest = tail;
    core::str::from_utf8(text).ok().map(str::to_owned)
}

impl Signer {
    /// Signs a PrivateMapKey: lets one user enter one room of TRTC with these rights until `now_s + expire_s`.
    ///
    /// Limits as for [`sign`](Signer::sign), and the end must be before 2106-02-07, since it is kept in 32 bits.
    /// The rights count only for apps that have advanced permission control switched on in the console.
    pub fn private_map_key(
        &self,
        user_id: &str,
        room: &Room,
        privileges: Privileges,
        now_s: u64,
        expire_s: u64,
    ) -> Result<String> {
        room.check()?;
        check(user_id, now_s, expire_s)?;
        let expires_at_s = u32::try_from(now_s.saturating_add(expire_s)).map_err(|_| -> Error {
            invalid("expire", "a PrivateMapKey cannot live beyond 2106-02-07".into()).cure("pass a shorter lifetime")
        })?;
        let key = PrivateMapKey {
            user_id: user_id.to_owned(),
            sdk_app_id: self.sdk_app_id(),
            room: room.clone(),
            expires_at_s,
            privileges,
            account_type: 0,
        };
        self.sign_with_userbuf(user_id, now_s, expire_s, &key.to_userbuf())
    }
}

impl UserSig {
    /// The PrivateMapKey in the userbuf, if there is one.
    pub fn private_map_key(&self) -> Option<PrivateMapKey> {
        read(self.userbuf.as_deref()?)
    }
}
