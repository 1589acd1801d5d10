//! The documented codes of the service.
//!
//! Facts from the vendor's error code pages (269/1671, international 1047/34348), the single calls' own lists and
//! the client SDKs' lists, in our own words. Two ranges belong to the app's own webhooks and have one row each.

use core::ops::RangeInclusive;

use super::Kind::{self, *};
use Retry::*;

/// What a repeat of the same request is worth after a code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Retry {
    /// The fault is the service's: repeat after a short growing pause.
    Yes,
    /// Repeat only after a pause of at least this many milliseconds.
    AfterWait(u32),
    /// The app's calls come too often: slow all of them down, and repeat after at least this many milliseconds.
    SlowDown(u32),
    /// Repeat once with a refreshed UserSig.
    Refresh,
    /// The same request fails again.
    No,
    /// The documentation does not say.
    Unknown,
}

impl Retry {
    /// The shortest wait before a retry that is worth while, in milliseconds.
    pub fn least_ms(self) -> Option<u64> {
        match self {
            AfterWait(wait_ms) | SlowDown(wait_ms) => Some(wait_ms.into()),
            Yes | Refresh | No | Unknown => None,
        }
    }
}

/// One documented code.
#[derive(Clone, Copy, Debug)]
pub struct Code {
    /// The service's `ErrorCode`; below zero for codes of the access layer of client connections.
    pub code: i32,
    /// The kind of error it becomes.
    pub kind: Kind,
    /// What a repeat is worth.
    pub retry: Retry,
    /// What happened, in one sentence.
    pub cause: &'static str,
    /// What to do about it.
    pub cure: &'static str,
}

/// Finds a code.
///
/// Every code that the app's own webhook may choose (10100 to 10200 for groups, 120001 to 130000 for one-to-one
/// messages) gives the one row of its range, whose `code` is the first of the range and not the one asked for.
pub fn lookup(code: i64) -> Option<&'static Code> {
    let code = i32::try_from(code).ok()?;
    if let Ok(at) = CODES.binary_search_by_key(&code, |row| row.code) {
        return Some(&CODES[at]);
    }
    WEBHOOK_CODES.iter().find(|(range, _)| range.contains(&code)).map(|(_, row)| row)
}

const fn row(code: i32, kind: Kind, retry: Retry, cause: &'static str, cure: &'static str) -> Code {
    Code { code, kind, retry, cause, cure }
}

/// Ranges of codes that the app's own webhook chooses, each with its row.
#[rustfmt::skip]
static WEBHOOK_CODES: [(RangeInclusive<i32>, Code); 2] = [
    (10100..=10200, row(10100, ContentRejected, No, "The app's own webhook refused the group operation with a code of its choice",
        "Read ErrorInfo and look into your webhook's log; codes 10100 to 10200 are yours")),
    (120001..=130000, row(120001, ContentRejected, No, "The app's own webhook refused the message with a code of its choice",
        "Read ErrorInfo and look into your webhook's log; codes 120001 to 130000 are yours")),
];

/// All documented codes, ascending.
#[rustfmt::skip]
pub static CODES: &[Code] = &[
    // Access layer of the client connections
    row(-20009, RateLimited, AfterWait(1_000), "A client calls this interface of the service too often",
        "Wait at least a second and lower the client's call rate"),
    row(-10114, RateLimited, AfterWait(1_000), "The service is overloaded and dropped the packet",
        "Wait at least a second, then repeat with growing pauses and a lower rate"),
    row(-10113, RateLimited, AfterWait(1_000), "This user sends too many requests of one kind",
        "Wait at least a second and lower the rate for this user"),
    row(-10112, Auth, No, "The app is switched off",
        "Check the app's state in the console, then contact Tencent Cloud support"),
    row(-10111, Permission, No, "The service blocks this command for the app",
        "Contact Tencent Cloud support to have the command released"),
    row(-10110, Auth, No, "The app is on the service's blocklist",
        "Contact Tencent Cloud support with the SDKAppID"),
    row(-10109, InvalidInput, No, "The service got a packet with a wrong format",
        "Update the client SDK; it builds these packets, the server cannot fix them"),
    row(-10108, Auth, No, "The prepaid balance of the app is overdue",
        "Pay what is due in the Tencent Cloud console"),
    row(-10107, InvalidInput, No, "The client sent aggregated packets on a connection that does not support them",
        "Update the client SDK; it chooses the packet form"),
    row(-10106, Signature, Refresh, "Too many packets failed to decrypt, so the client must reset its session",
        "Log the client in again with a fresh UserSig"),
    row(-10105, Cancelled, No, "The client kit closed the connection by itself",
        "Nothing to do; log in again when the client is needed"),
    row(-10104, Cancelled, No, "The client left by itself",
        "Nothing to do; log in again when the client is needed"),
    row(-10103, Signature, Refresh, "The identity of this client is no longer valid",
        "Log the client in again with a fresh UserSig"),
    row(-10102, Transport, Yes, "A lost network cut the client off",
        "Reconnect after a short, growing pause"),
    row(-10101, Signature, Refresh, "The client's internal key expired while a notice was sent",
        "Log the client in again with a fresh UserSig"),
    row(-10009, Auth, No, "The client's cookie does not match its session",
        "Update the client SDK and log in again; the server cannot fix this"),
    row(-10008, InvalidInput, No, "The client did not send both its internal key and its ticket",
        "Update the client SDK; it fills in both by itself"),
    row(-10007, Server, Unknown, "The delivery of a verification code timed out",
        "Look at the client's login; no server call uses verification codes"),
    row(-10006, Auth, No, "The account in the internal key differs from the one in the packet header",
        "Log the client out, then in again with one UserID"),
    row(-10005, InvalidInput, No, "The client sent an empty internal key",
        "Update the client SDK and log in again; the server cannot fix this"),
    row(-10004, Signature, Refresh, "The client's ticket did not verify, or security rules stopped it",
        "Log the client in again with a fresh UserSig"),
    row(-10003, Signature, Refresh, "The internal ticket made from the UserSig has expired",
        "Log the client in again with a fresh UserSig"),
    row(-10001, Signature, Refresh, "The internal key made from the UserSig has expired",
        "Log the client in again with a fresh UserSig"),
    row(-10000, Auth, No, "The verification code of a client login is wrong",
        "Enter the code again in the client; no server call uses verification codes"),
    row(-302, RateLimited, AfterWait(1_000), "The server has too many connections and refused this one",
        "Wait at least a second, then reconnect; reuse open connections"),
    // History download
    row(1001, InvalidInput, No, "The service could not read the request",
        "Check the URL: https, POST, the path and all query parameters"),
    row(1002, InvalidInput, No, "A parameter is wrong, or the caller is not an admin of the app",
        "Fix the fields, such as MsgTime as YYYYMMDDHH, or call as an admin"),
    row(1003, Server, Yes, "The service failed",
        "Repeat the call after a short, growing pause"),
    row(1004, NotFound, AfterWait(600_000), "The history file is not made yet, or the hour had no messages",
        "Ask again later, files come 1 to 2 hours after their hour began; an old hour without one had no messages"),
    row(1005, NotFound, No, "The history file is older than 7 days and was deleted",
        "The file is gone; download each hour within 7 days"),
    // Moderation
    row(2001, Server, Yes, "The moderation service failed",
        "Repeat the call after a short, growing pause"),
    row(2002, InvalidInput, No, "The moderation service does not know this command",
        "Check the command at the end of the path"),
    row(2003, InvalidInput, No, "A parameter of the moderation call is wrong",
        "Read ErrorInfo and fix the field it names"),
    row(2004, Permission, No, "The app or the caller has no right to this moderation call",
        "Check the app's edition and call as an admin of the app"),
    row(2015, Permission, No, "Moderation is not switched on for the app",
        "Switch moderation on in the console"),
    row(2016, InvalidInput, No, "The request holds too many keywords",
        "Split the keywords over several requests"),
    // Official accounts
    row(6017, InvalidInput, No, "A parameter of the official account call is wrong",
        "Read ErrorInfo and fix the field it names"),
    // Groups
    row(10001, Signature, Refresh, "The service does not take the caller as signed in",
        "Check that identifier is an admin of the app, then sign a fresh UserSig for it"),
    row(10002, Server, Yes, "The group service failed",
        "Repeat the call after a short, growing pause"),
    row(10003, InvalidInput, No, "The group service does not know this command",
        "Check the service name and command in the path; case counts"),
    row(10004, InvalidInput, No, "A parameter of the group call is wrong, or does not fit the group's type",
        "Read ErrorInfo and fix the field it names"),
    row(10005, InvalidInput, No, "The request names too many accounts",
        "Split the accounts over several requests, within the call's own limit"),
    row(10006, RateLimited, SlowDown(1_000), "The group operation is done too often",
        "Wait and lower the rate; making groups also has a limit per day"),
    row(10007, Permission, No, "The operator or the group's type does not allow this, or the user is no member",
        "Read ErrorInfo; call as an admin or owner, or use a fitting group type"),
    row(10008, Signature, Refresh, "The request is not allowed; perhaps its signature did not verify",
        "Sign a fresh UserSig and try once; then check admin rights and edition (extensions need the ultimate one)"),
    row(10009, Conflict, No, "The owner may not leave this group",
        "Give the group to a new owner with change_group_owner, or destroy it"),
    row(10010, NotFound, No, "The group does not exist or was disbanded",
        "Check GroupId; create the group first if it should exist"),
    row(10011, InvalidInput, No, "The body is not valid JSON",
        "Send a JSON object that follows the call's page"),
    row(10012, InvalidInput, No, "The UserID of the operator is not valid",
        "Check the operator's UserID and import the account if it is new"),
    row(10013, Conflict, No, "The user is a member of the group already",
        "Take the call as done"),
    row(10014, Quota, No, "The group is full, or the accounts given would overfill it",
        "Add fewer accounts, remove members, or raise MaxMemberNum of the group"),
    row(10015, NotFound, No, "The GroupId is not valid, or no such group exists",
        "Check GroupId, with its @TGS# prefix if it has one"),
    row(10016, ContentRejected, No, "The app's own webhook refused the group operation",
        "Look into your webhook's log: it answered ErrorCode 1"),
    row(10017, Permission, No, "The sender is muted in the group or in all groups",
        "Wait for the mute to end, or lift it"),
    row(10018, InvalidInput, No, "The answer would be longer than 1 MB",
        "Ask for less: fewer groups or fields, or pages with Limit"),
    row(10019, NotFound, No, "An account in the request does not exist",
        "Import the accounts first, or take the unknown ones out"),
    row(10020, InvalidInput, No, "An imported message is longer than 8000 bytes",
        "Shorten the message to at most 8000 bytes"),
    row(10021, Conflict, No, "Somebody else's group uses this GroupId already",
        "Choose another GroupId"),
    row(10023, RateLimited, SlowDown(1_000), "Messages go to the group too often",
        "Wait at least a second; a group takes 40 messages a second from all senders together"),
    row(10024, Conflict, No, "This invitation or application was handled already",
        "Take the call as done"),
    row(10025, Conflict, No, "The operator's own group uses this GroupId already",
        "Use that group as it is, or destroy it first and create it again"),
    row(10026, Permission, No, "This command is disabled for the app",
        "Contact Tencent Cloud support to have it enabled"),
    row(10030, NotFound, No, "The message to recall does not exist",
        "Check MsgSeq and GroupId"),
    row(10031, Conflict, No, "The time for recalling this message has passed; it is 2 minutes by default",
        "The message stays; only newer messages can be recalled"),
    row(10032, Conflict, No, "This message cannot be recalled",
        "Leave the message out of MsgSeqList"),
    row(10033, Conflict, No, "Messages in this type of group cannot be recalled",
        "Leave the message; use another group type if recall matters"),
    row(10034, Conflict, No, "This type of message cannot be deleted",
        "Leave the message out of the request"),
    row(10035, Conflict, No, "Messages in live-stream and broadcast groups cannot be deleted",
        "Leave the message; only other group types have deletion"),
    row(10036, Quota, No, "The app has as many live-stream groups (AVChatRoom) as its edition allows",
        "Upgrade the edition in the console"),
    row(10037, Quota, No, "The user has created and joined as many groups or topics as the edition allows",
        "Leave or destroy some groups, choose another owner, or upgrade the edition"),
    row(10038, Quota, No, "The group has more members than the edition allows",
        "Upgrade the edition, then raise the group's MaxMemberCount"),
    row(10041, Permission, No, "The app is set up without recall of group messages",
        "Change the app's setup to allow recall in groups"),
    row(10045, InvalidInput, No, "The key of a group attribute is longer than 32 bytes",
        "Shorten the key to at most 32 bytes"),
    row(10046, InvalidInput, No, "The value of a group attribute is longer than 4000 bytes",
        "Shorten the value to at most 4000 bytes"),
    row(10047, Quota, No, "The group would have more than 16 attributes",
        "Delete some attributes; a group holds at most 16 keys"),
    row(10048, Quota, No, "The values of the group's attributes together exceed 16000 bytes",
        "Shorten or delete some values; all together hold at most 16000 bytes"),
    row(10049, RateLimited, AfterWait(1_000), "The group's attributes are written too often",
        "Wait at least a second; a group takes 5 attribute writes a second"),
    row(10050, NotFound, No, "The group attribute to delete does not exist",
        "Take the call as done"),
    row(10051, InvalidInput, No, "The deletion covers a larger range of messages than allowed",
        "Delete a smaller range in each call"),
    row(10052, NotFound, No, "The group has no such message to delete",
        "Take the call as done, or check MsgSeq"),
    row(10053, InvalidInput, No, "The message mentions more than 30 members",
        "Mention at most 30 members in GroupAtInfo"),
    row(10054, InvalidInput, No, "The request asks for too many members at once",
        "Read the members in pages with a smaller Limit"),
    row(10056, Conflict, No, "Another writer changed the same group attribute at the same time",
        "Read the attributes again, then write"),
    row(10058, Quota, No, "The trial edition's limit of 100 groups is reached",
        "Upgrade the edition in the console"),
    row(10059, Quota, No, "This function needs the ultimate edition",
        "Upgrade the app's edition in the console"),
    row(10060, Quota, Unknown, "A limit of the group service is reached",
        "Read ErrorInfo: it says which limit it is"),
    row(10062, NotFound, No, "No read receipts are kept for this message",
        "Ask only for messages that were sent with read receipts"),
    row(10063, Quota, No, "The request or the group has more than 20 counters",
        "Use at most 20 counter keys"),
    row(10070, Quota, No, "The group has too many pinned messages",
        "Unpin some messages first"),
    row(10071, Conflict, No, "The message is pinned already",
        "Take the call as done"),
    // Topics of communities
    row(11000, Permission, No, "This community has no topics, for want of edition, console switch or SupportTopic",
        "Switch communities and topics on in the console; create the community with SupportTopic 1"),
    // One-to-one messages
    row(20001, InvalidInput, No, "The message service could not read the request",
        "Check the fields against the call's page and send valid JSON"),
    row(20002, Signature, Refresh, "The UserSig, or the internal ticket made from it, is no longer valid",
        "Sign a fresh UserSig"),
    row(20003, NotFound, No, "The UserID of sender or receiver is not valid or not imported",
        "Check From_Account and To_Account; import them first"),
    row(20004, Server, Yes, "The network inside the service failed",
        "Repeat after a short, growing pause; if the first try got through, the message comes twice"),
    row(20005, Server, Yes, "The message service failed",
        "Repeat after a short, growing pause; if the first try got through, the message comes twice"),
    row(20006, ContentRejected, No, "The app's own webhook refused the message before it was sent",
        "Look into your webhook's log: it answered C2C.CallbackBeforeSendMsg with ErrorCode 1"),
    row(20007, Permission, No, "The receiver has blocked the sender",
        "Do not send; only the receiver can take the sender off the blocklist"),
    row(20008, InvalidInput, No, "Sender and receiver belong to different apps",
        "Use accounts of the same SDKAppID"),
    row(20009, Permission, No, "Sender and receiver are not friends, and the app checks friendship",
        "Add them as friends, or switch the friend check off in the console"),
    row(20010, Permission, No, "The sender is not among the receiver's friends",
        "Add the sender to the receiver's friends, or switch the friend check off"),
    row(20011, Permission, No, "The receiver is not among the sender's friends",
        "Add the receiver to the sender's friends, or switch the friend check off"),
    row(20012, Permission, No, "The sender is muted for one-to-one messages",
        "Wait for the mute to end, or lift it with C2CmsgNospeakingTime 0"),
    row(20016, Conflict, No, "The time for recalling this message has passed; it is 2 minutes by default",
        "The message stays; only newer messages can be recalled"),
    row(20018, Server, Yes, "The service failed while it deleted stored messages",
        "Repeat the call after a short, growing pause"),
    row(20022, NotFound, No, "The message to recall does not exist",
        "Check MsgKey, From_Account and To_Account"),
    row(20023, Conflict, No, "The message was recalled already",
        "Take the call as done"),
    // Offline push of devices
    row(21005, Conflict, No, "A device's push token arrived before its login",
        "Let the client log in before it reports the push token"),
    row(22001, NotFound, No, "No push certificate was uploaded",
        "Upload the push certificate in the console"),
    row(22002, Server, Yes, "The network of the push service failed",
        "Repeat the call after a short, growing pause"),
    row(22003, InvalidInput, No, "The push token of the device is empty",
        "Let the client fetch a token from its push vendor before it reports one"),
    row(22004, InvalidInput, No, "The push token of the device is longer than 256 bytes",
        "Report the token as the push vendor gave it"),
    row(22005, InvalidInput, No, "The login data of the device is longer than 1024 bytes",
        "Update the client SDK; it builds this data"),
    row(22006, RateLimited, AfterWait(1_000), "The device calls the push service too often",
        "Wait at least a second and lower the client's rate"),
    // Message extensions and reactions
    row(23001, Conflict, No, "Another writer changed the same message extension; Seq is stale",
        "Read the extensions again, then write with the new Seq"),
    row(23002, Conflict, No, "The message was not sent with support for extensions",
        "Send the message with SupportMessageExtension 1"),
    row(23003, RateLimited, AfterWait(60_000), "The extensions of one message changed more than 200 times in a minute",
        "Wait a minute and gather changes into fewer calls"),
    row(23004, NotFound, No, "The message, or the extension to delete, does not exist",
        "Take a deletion as done; else check the message's key"),
    row(23005, Quota, No, "The message has too many reactions",
        "Remove one of its reactions first, or do without the new one"),
    row(23006, Quota, No, "Too many users have given this reaction",
        "Do not add further users to this reaction"),
    row(23007, Conflict, No, "The user has given this reaction already",
        "Take the call as done"),
    row(23008, NotFound, No, "The message has no such reaction",
        "Check the reaction's id, or take a removal as done"),
    row(23009, NotFound, No, "The user has not given this reaction",
        "Take the removal as done"),
    // Friends, blocklist and follows
    row(30001, InvalidInput, No, "A parameter is wrong; in items also an account blocked already or not a friend",
        "Read ErrorInfo or ResultInfo and fix the field it names"),
    row(30002, Auth, No, "The SDKAppID does not match the account",
        "Use an account and an admin of the same app"),
    row(30003, NotFound, No, "The account does not exist",
        "Import the account first, or check its spelling"),
    row(30004, Permission, No, "The caller is not an admin of the app",
        "Call as an admin; the console makes accounts admins, at most 10 per app"),
    row(30005, ContentRejected, No, "A friend field, such as a remark or group name, holds a sensitive word",
        "Change the text"),
    row(30006, Server, Yes, "The friend service failed",
        "Repeat the call after a short, growing pause"),
    row(30007, Server, Yes, "The friend service timed out",
        "Repeat the call after a short, growing pause"),
    row(30008, Conflict, AfterWait(1_000), "Parallel writes to one user's friend data clashed",
        "Wait a second; then write one after another or put all changes into one batch"),
    row(30009, Permission, No, "An admin forbids this user to send friend requests",
        "Set Tag_Profile_IM_AdminForbidType of the user to AdminForbid_Type_None"),
    row(30010, Quota, No, "The user's friend list is full; it holds 3000 friends",
        "Delete friends of From_Account first"),
    row(30011, Quota, No, "The user has too many friend groups; 32 are allowed",
        "Delete friend groups first"),
    row(30012, Quota, No, "The user has too many pending friend requests",
        "Accept, refuse or delete some pending requests first"),
    row(30013, Quota, No, "The user's blocklist is full; it holds 1000 accounts",
        "Take accounts off the blocklist first; the limit cannot be raised"),
    row(30014, Quota, No, "The other user's friend list is full; it holds 3000 friends",
        "Let To_Account delete friends first"),
    row(30015, Conflict, No, "The two users are friends already",
        "Take the call as done"),
    row(30515, Permission, No, "The user to add is on the requester's own blocklist",
        "Take To_Account off the blocklist of From_Account first"),
    row(30516, Permission, No, "The user to add lets nobody add them",
        "Let the user change Tag_Profile_IM_AllowType from AllowType_Type_DenyAny"),
    row(30525, Permission, No, "The requester is on the blocklist of the user to add",
        "Do not repeat; only To_Account can take From_Account off its blocklist"),
    row(30539, Conflict, No, "The user to add must agree first; a pending request was made",
        "Take it as sent and wait for the answer; ForceAddFlags 1 adds without asking"),
    row(30540, RateLimited, AfterWait(60_000), "The user adds friends too often and was stopped by security rules",
        "Wait and add friends more slowly"),
    row(30614, NotFound, No, "The pending friend request does not exist",
        "Check both accounts; the request may have been answered already"),
    row(31704, NotFound, No, "The account to delete is not a friend",
        "Take the call as done"),
    row(31707, RateLimited, AfterWait(60_000), "The user deletes friends too often and was stopped by security rules",
        "Wait and delete friends more slowly"),
    row(31804, NotFound, No, "The account does not exist",
        "Import the account first, or check its spelling"),
    row(32100, Quota, No, "The user follows as many users as allowed",
        "Let the user unfollow somebody first"),
    row(32101, Quota, No, "The other user has as many followers as allowed",
        "Do not repeat; the other user's list of followers is full"),
    row(32102, Quota, No, "The user has as many mutual follows as allowed",
        "Let the user unfollow somebody first"),
    row(32103, Quota, No, "The other user has as many mutual follows as allowed",
        "Do not repeat until the other user has unfollowed somebody"),
    row(32216, NotFound, No, "The account is not a friend of this user",
        "Add it as a friend first"),
    // Profiles
    row(40001, InvalidInput, No, "A parameter of the profile call is wrong",
        "Read ErrorInfo and fix the field it names"),
    row(40002, InvalidInput, No, "The request names no account to read",
        "Name at least one account in To_Account"),
    row(40003, NotFound, No, "The account does not exist",
        "Import the account first, or check its spelling"),
    row(40004, Permission, No, "The caller is not an admin of the app",
        "Call as an admin; the console makes accounts admins, at most 10 per app"),
    row(40005, ContentRejected, No, "A profile field, such as Nick, holds a sensitive word",
        "Change the text of the field"),
    row(40006, Server, Yes, "The service failed while it wrote the profile",
        "Repeat the call after a short, growing pause"),
    row(40007, Permission, No, "The app may not read a profile field",
        "Change the field's read right in the console"),
    row(40008, Permission, No, "The app may not write a profile field",
        "Change the field's write right in the console"),
    row(40009, NotFound, No, "The app has no profile field with this Tag",
        "Fix the Tag, or create the field in the console; it works after about 5 minutes"),
    row(40601, InvalidInput, No, "A profile value, such as Nick or FaceUrl, is longer than 500 bytes",
        "Shorten it; every profile value holds at most 500 bytes, not characters"),
    row(40605, InvalidInput, No, "The value of a standard profile field is not one of those allowed",
        "Use a value from the rules of that field"),
    row(40610, InvalidInput, No, "A profile value has the wrong type",
        "Send the type of the field: a string, or an integer for number fields"),
    // Conversations
    row(50001, NotFound, No, "The account does not exist",
        "Import the account first, or check its spelling"),
    row(50002, InvalidInput, No, "A parameter of the conversation call is wrong",
        "Read ErrorInfo and fix the field it names"),
    row(50003, Permission, No, "The caller is not an admin of the app",
        "Call as an admin; the console makes accounts admins, at most 10 per app"),
    row(50004, Server, Yes, "The conversation service failed",
        "Repeat the call after a short, growing pause"),
    row(50005, Server, Yes, "The conversation service timed out",
        "Repeat the call after a short, growing pause"),
    row(51006, InvalidInput, No, "The call marks or groups no conversation, or more than 100",
        "Send between 1 and 100 conversations in each call"),
    row(51007, Server, Unknown, "The call on a group conversation failed: server fault, or the group is gone",
        "Check that the group exists; if it does, repeat the call after a pause"),
    row(51008, Quota, No, "More than 1000 of the user's conversations have marks or groups",
        "Clear the marks and groups of some conversations first"),
    row(51009, NotFound, No, "The conversation group does not exist",
        "Create the group first; take a deletion as done"),
    row(51010, Quota, No, "The user has more than 20 conversation groups",
        "Delete some conversation groups first"),
    row(51011, InvalidInput, No, "The name of the conversation group is longer than 32 bytes",
        "Shorten the name to at most 32 bytes"),
    row(51012, Quota, No, "The user has too many pinned conversations",
        "Unpin some conversations first"),
    row(51013, Quota, No, "Standard marks and conversation groups need the ultimate edition",
        "Upgrade the edition (international: Pro, Pro Plus or Enterprise)"),
    // All REST calls
    row(60002, InvalidInput, No, "The service could not read the HTTP request",
        "Check the URL: https, POST, the path and all query parameters"),
    row(60003, InvalidInput, No, "The body is not valid JSON",
        "Send a JSON object as the body, and {} when there are no fields"),
    row(60004, Signature, Refresh, "The UserID or the UserSig in the URL or the body is wrong",
        "Check identifier, then sign a fresh UserSig for it"),
    row(60005, Signature, Refresh, "The UserID or the UserSig in the URL or the body is wrong",
        "Check identifier, then sign a fresh UserSig for it"),
    row(60006, Auth, No, "The SDKAppID is not valid",
        "Take the SDKAppID from the console"),
    row(60007, RateLimited, SlowDown(1_000), "REST calls come too often",
        "Wait at least a second and lower the rate; from the professional edition on the console raises limits"),
    row(60008, Server, Yes, "The service timed out, or the HTTP request is malformed",
        "Repeat the call after a short, growing pause; if it stays, check the request"),
    row(60009, InvalidInput, No, "The service knows no call with this path",
        "Check the path; it has the form v4/service/command and case counts"),
    row(60010, Permission, No, "The caller is not an admin of the app",
        "Use an admin as identifier; the console makes accounts admins, at most 10 per app"),
    row(60011, RateLimited, SlowDown(1_000), "The app calls the service too often",
        "Wait at least a second and lower the rate; from the professional edition on the console raises limits"),
    row(60012, InvalidInput, No, "The query parameter sdkappid is missing",
        "Add sdkappid to the URL"),
    row(60013, Server, Unknown, "The service could not read its own backend's answer",
        "Repeat the call once after a pause; if it stays, contact Tencent Cloud support"),
    row(60014, Server, Yes, "The service timed out while it looked up the account",
        "Repeat the call after a short, growing pause"),
    row(60015, InvalidInput, No, "An account in the body is not a string",
        "Send every UserID as a JSON string, also one made of digits"),
    row(60016, Auth, No, "The app is disabled",
        "Check the app's state in the console, then contact Tencent Cloud support"),
    row(60017, Permission, No, "This request is disabled for the app",
        "Contact Tencent Cloud support to have it enabled"),
    row(60018, RateLimited, SlowDown(1_000), "Too many requests reach the service",
        "Wait at least a second, then repeat with growing pauses"),
    row(60019, RateLimited, SlowDown(1_000), "Too many requests reach the service",
        "Wait at least a second, then repeat with growing pauses"),
    row(60020, Auth, No, "The app's plan was not bought, has expired or is not in effect yet",
        "Buy or renew the plan; it takes effect within 5 minutes"),
    row(60021, Auth, No, "The call came from an address that the app does not allow",
        "Add this server's outgoing IP address to the allow list in the console"),
    row(60022, RateLimited, SlowDown(1_000), "The service is overloaded",
        "Wait at least a second, then repeat with growing pauses and a lower rate"),
    // Accounts and UserSig
    row(70001, Signature, Refresh, "The UserSig has expired",
        "Sign a new one; check this machine's clock if it expires too early"),
    row(70002, Signature, Refresh, "The UserSig is empty",
        "Sign a UserSig and send it as usersig"),
    row(70003, Signature, Refresh, "The UserSig is not valid or cannot be read; often it was cut short",
        "Sign a new one with the app's key and pass it on whole"),
    row(70005, Signature, Refresh, "The UserSig is not valid",
        "Sign a new one with the app's key and pass it on unchanged"),
    row(70009, Signature, Refresh, "The UserSig was signed with another key, perhaps that of another app",
        "Sign with the key that the console shows for this SDKAppID"),
    row(70013, Signature, Refresh, "The UserSig was signed for another UserID",
        "Sign for exactly this UserID; identifier and signed name must be the same"),
    row(70014, Signature, Refresh, "The UserSig was signed for another SDKAppID",
        "Sign with the SDKAppID that the call uses"),
    row(70016, Auth, No, "The service finds no key for the app",
        "Check that SDKAppID and region (data centre) fit together; copy the key from the console again"),
    row(70020, Auth, No, "No app has this SDKAppID in the data centre that was called",
        "Check SDKAppID in the console and call the domain of the app's region"),
    row(70050, RateLimited, AfterWait(60_000), "Too many UserSigs of this account failed the check",
        "Fix key, SDKAppID and UserID of the UserSig, then wait one minute"),
    row(70051, Auth, No, "The account is on the blocklist",
        "Take the account off the list, or use another"),
    row(70052, Signature, Refresh, "The UserSig was made invalid, for example by the kick call",
        "Sign a new one for the account"),
    row(70101, Signature, Refresh, "The ticket of a login with an old client SDK has expired",
        "Sign a fresh UserSig and log in again"),
    row(70107, NotFound, No, "The account does not exist or was not imported",
        "Import the account first, or check its spelling"),
    row(70114, RateLimited, Unknown, "The login was limited for security reasons",
        "Do not log this account in so often"),
    row(70169, Server, Yes, "The account service timed out",
        "Repeat the call after a short, growing pause"),
    row(70202, Server, Yes, "The account service timed out",
        "Repeat the call after a short, growing pause"),
    row(70206, InvalidInput, No, "The number of items in the batch is not valid",
        "Send at least one account and at most the call's limit (100 for account calls)"),
    row(70398, Quota, No, "The app has reached 100 accounts; more than 100 accounts need a paid edition",
        "Upgrade the app's edition in the console"),
    row(70399, Conflict, No, "An account with this UserID was deleted less than three months ago",
        "Use another UserID or wait; only trial and development editions may reuse one at once"),
    row(70402, InvalidInput, No, "A required field is missing, or a field breaks the format",
        "Check the required fields, their types and their limits; ErrorInfo may say more"),
    row(70403, Permission, No, "The caller is not an admin of the app",
        "Use an admin as identifier; the console makes accounts admins, at most 10 per app"),
    row(70500, Server, Yes, "The account service failed",
        "Repeat the call after a short, growing pause"),
    row(71000, Quota, No, "The app's edition does not allow deleting accounts",
        "Switch account deletion on in the console; trial and development editions have it by default"),
    row(72001, Permission, No, "The feature of user states is off for the app",
        "Switch user states on in the console"),
    row(72012, Permission, No, "The subscription to profile changes is off for the app",
        "Switch the subscription to profile changes on in the console"),
    // Content check, message size, webhook before sending
    row(80001, ContentRejected, No, "The content check stopped the text",
        "Change the text that the check refused"),
    row(80002, InvalidInput, No, "The message is longer than 12 KB (8 KB before 2023)",
        "Shorten the body, or send a link to the long content"),
    row(80003, Server, Yes, "The app's webhook before sending failed or timed out, so nothing was sent",
        "Repeat the call; check that the webhook answers in time, and its timeout policy in the console"),
    row(80004, ContentRejected, No, "The content check stopped the image",
        "Use another image"),
    row(80005, Auth, No, "The service is stopped: the plan has expired or payment is overdue",
        "Buy or renew the plan, or pay what is due"),
    row(80101, ContentRejected, No, "The content check stopped the message of an old client SDK",
        "Change the content"),
    // REST calls of messages and pushes
    row(90001, InvalidInput, No, "The body is not valid JSON, or To_Account is an empty array",
        "Send a JSON object, with at least one account in To_Account"),
    row(90002, InvalidInput, No, "MsgBody is no array or breaks the message format",
        "Send an array of elements, each with MsgType and MsgContent"),
    row(90003, InvalidInput, No, "To_Account is missing, has the wrong type or names an unknown account",
        "Send To_Account as the call's page says (string or array of strings); import the account first"),
    row(90005, InvalidInput, No, "MsgRandom is missing or not an integer",
        "Send MsgRandom as a JSON number"),
    row(90006, InvalidInput, No, "MsgTimeStamp is missing or not an integer",
        "Send MsgTimeStamp as a JSON number, in seconds"),
    row(90007, InvalidInput, No, "MsgBody is not an array",
        "Send MsgBody as an array, even for one element"),
    row(90008, InvalidInput, No, "From_Account is missing or not an imported account",
        "Send From_Account and import the account first"),
    row(90009, Permission, No, "The caller is not an admin of the app",
        "Use an admin as identifier; the console makes accounts admins, at most 10 per app"),
    row(90010, InvalidInput, No, "The body breaks the message format",
        "Check every field and its type against the call's page"),
    row(90011, InvalidInput, No, "The request names more than 500 accounts in To_Account",
        "Split the accounts over requests of at most 500"),
    row(90012, NotFound, No, "The account in To_Account is not imported",
        "Import the account first, or check its spelling"),
    row(90018, InvalidInput, No, "The request names too many accounts",
        "Split the accounts over several requests, within the call's own limit"),
    row(90020, InvalidInput, No, "A push tag is longer than 50 bytes",
        "Shorten the tag to at most 50 bytes"),
    row(90022, InvalidInput, No, "The same tag stands in TagsOr and in TagsAnd",
        "Keep the tag in only one of the two lists"),
    row(90024, RateLimited, AfterWait(1_000), "Less than a second passed between two pushes",
        "Leave more than one second between pushes to all members"),
    row(90026, InvalidInput, No, "The time for offline storage is wrong; 7 days is the most",
        "Set MsgLifeTime between 0 and 604800 seconds"),
    row(90030, InvalidInput, No, "A push attribute is empty or longer than 50, or SyncFromOldSystem is no integer",
        "Fix the attribute; for an import send SyncFromOldSystem as a number"),
    row(90031, InvalidInput, No, "SyncOtherMachine is not an integer",
        "Send SyncOtherMachine as a JSON number"),
    row(90032, InvalidInput, No, "A push condition or a request has more than 10 tags",
        "Use at most 10 tags"),
    row(90033, InvalidInput, No, "A push attribute is not valid: a name used twice, or a changed account type",
        "Use each attribute name once and keep its account type"),
    row(90034, InvalidInput, No, "A push tag is longer than 50",
        "Shorten the tag to at most 50 bytes"),
    row(90035, InvalidInput, No, "The tag or attribute belongs to the other account type",
        "Use one account type for it: UserIDs or RegistrationIDs"),
    row(90039, InvalidInput, No, "The push condition mixes tags and attributes",
        "Use either tags or attributes in one condition"),
    row(90040, InvalidInput, No, "A tag in the push condition is empty",
        "Fill in the tag or take it out"),
    row(90043, InvalidInput, No, "OfflinePushInfo breaks its format",
        "Check the fields of OfflinePushInfo and their types"),
    row(90044, InvalidInput, No, "MsgLifeTime is not an integer",
        "Send MsgLifeTime as a JSON number, in seconds"),
    row(90045, Permission, No, "Push to all members, to tags and to single users is not switched on",
        "Have the push feature switched on for the app; it needs a fitting edition"),
    row(90047, Quota, AfterWait(3_600_000), "The day's quota of pushes is used up; it is 100 by default",
        "Wait for the next day; no push goes out before"),
    row(90048, NotFound, No, "The account does not exist",
        "Import the account first, or check its spelling"),
    row(90049, NotFound, No, "No push task has this TaskId",
        "Check TaskId; only tasks of the push calls can be named"),
    row(90050, Conflict, No, "The push task was recalled already",
        "Take the call as done"),
    row(90051, RateLimited, AfterWait(1_000), "Push tasks are recalled too often; one a second is the limit",
        "Leave at least one second between recalls"),
    row(90054, InvalidInput, No, "The MsgKey of the recall is not valid",
        "Send MsgKey as the sending call or the webhook gave it"),
    row(90055, InvalidInput, No, "The batch message is longer than 12 KB (8 KB before 2023)",
        "Shorten the body, or send a link to the long content"),
    row(90057, InvalidInput, No, "DataId is longer than 64 bytes",
        "Shorten DataId to at most 64 bytes"),
    row(90992, Server, Yes, "The backend timed out; if every call fails so, the app's webhook may not answer",
        "Repeat the call after a short, growing pause; check that your webhook answers"),
    row(90994, Server, Yes, "The message service failed",
        "Repeat the call after a short, growing pause"),
    row(90995, Server, Yes, "The message service failed",
        "Repeat the call after a short, growing pause"),
    row(91000, Server, Yes, "The message service failed",
        "Repeat the call after a short, growing pause"),
    row(91101, Quota, No, "A web client was dropped because the account has too many web instances online",
        "Close other web clients of the account; no server call is at fault"),
    row(93000, InvalidInput, No, "The JSON body of the message is longer than 12 KB (8 KB before 2023)",
        "Shorten the body, or send a link to the long content"),
    // Topics
    row(110002, Server, Unknown, "The service could not destroy the topic",
        "Read ErrorInfo for the reason"),
    row(110003, NotFound, No, "The topic was destroyed already",
        "Take the call as done"),
    // Files sent by clients
    row(114000, NotFound, No, "The file that a client wants to send does not exist",
        "Check the file's path in the client"),
    row(114001, Permission, No, "The client may not read the file that it wants to send",
        "Give the client the right to read the file"),
    row(114002, InvalidInput, No, "The file that a client wants to send is too big",
        "Send a smaller file"),
    row(114003, Cancelled, No, "The sending of the file was cancelled",
        "Nothing to do; send the file again if it is wanted"),
    row(114004, InvalidInput, No, "The client could not read the file that it wants to send",
        "Check that the file is whole and not locked, then send it again"),
    row(114005, Server, Yes, "The transfer of the file timed out",
        "Send the file again after a short, growing pause"),
    row(114011, InvalidInput, No, "A parameter of the file transfer is wrong",
        "Check the parameters of the client's upload"),
    row(115066, Transport, Yes, "The MD5 sum of the uploaded file does not match",
        "Upload the file again"),
    row(115068, Transport, Yes, "The MD5 sum of an uploaded part does not match",
        "Upload the file again"),
    // Statistics and global mute
    row(130001, InvalidInput, No, "The body is not valid JSON",
        "Send a JSON object that follows the call's page"),
    row(130002, InvalidInput, No, "Get_Account is missing; on official accounts: no right to do this",
        "Add Get_Account; on official accounts call as one who has the right"),
    row(130003, InvalidInput, No, "Get_Account is not valid",
        "Send Get_Account as the UserID of an account"),
    row(130004, InvalidInput, No, "Set_Account is missing",
        "Add Set_Account, the account to mute"),
    row(130005, InvalidInput, No, "Set_Account is not valid",
        "Send Set_Account as the UserID of an account"),
    row(130008, InvalidInput, No, "Both mute times are missing",
        "Give C2CmsgNospeakingTime, GroupmsgNospeakingTime or both"),
    row(130009, Server, Yes, "The service could not open its database",
        "Repeat the call after a short, growing pause"),
    row(130010, Server, Yes, "The service's database did not answer",
        "Repeat the call after a short, growing pause"),
    row(130011, Server, Yes, "A query in the service's database failed",
        "Repeat the call after a short, growing pause"),
    row(130012, Server, Unknown, "The service could not read a result of its database",
        "Repeat the call once after a pause; if it stays, contact Tencent Cloud support"),
    row(130014, Server, Yes, "The service failed",
        "Repeat the call after a short, growing pause; if it stays, contact Tencent Cloud support"),
    // Desk
    row(141000, Auth, No, "The app is not a customer-service (Desk) app",
        "Use the SDKAppID of a Desk app"),
    row(141002, Server, Yes, "The Desk service failed",
        "Repeat the call after a short, growing pause"),
    row(141004, InvalidInput, No, "A parameter of the Desk call is wrong",
        "Read ErrorInfo and fix the field it names"),
];

#[cfg(test)]
mod tests {
    use super::*;

    fn find(code: i64) -> &'static Code {
        lookup(code).unwrap_or_else(|| panic!("no row for {code}"))
    }

    /// Every row, those of the ranges too.
    fn all() -> impl Iterator<Item = &'static Code> {
        CODES.iter().chain(WEBHOOK_CODES.iter().map(|(_, row)| row))
    }

    #[test]
    fn all_codes_ascend_and_are_found() {
        assert_eq!(CODES.len(), 296);
        for pair in CODES.windows(2) {
            assert!(pair[0].code < pair[1].code, "{}", pair[1].code);
        }
        for row in CODES {
            assert!(core::ptr::eq(find(i64::from(row.code)), row));
        }
    }

    #[test]
    fn texts_fit_the_display_of_an_error() {
        for Code { code, cause, cure, .. } in all() {
            for (text, most) in [(cause, 90), (cure, 110)] {
                assert!(text.len() >= 10 && text.len() <= most, "{code}: {text}");
                assert!(text.starts_with(|c: char| c.is_ascii_uppercase()), "{code}: {text}");
                assert!(!text.ends_with(['.', ' ', ';', ':', ',']), "{code}: {text}");
                assert!(!text.contains(". "), "{code}: {text}");
                assert!(text.is_ascii(), "{code}: {text}");
            }
        }
    }

    #[test]
    fn kinds_are_those_the_service_can_cause() {
        for row in all() {
            assert!(!matches!(row.kind, Config | Protocol | Timeout | Partial | Webhook | Internal), "{}", row.code);
        }
    }

    #[test]
    fn kind_and_retry_agree() {
        for row in all() {
            let fits = match row.retry {
                Yes => matches!(row.kind, Server | Transport),
                Refresh => row.kind == Signature,
                AfterWait(ms) => ms >= 1000,
                SlowDown(ms) => ms >= 1000 && row.kind == RateLimited,
                No => !matches!(row.kind, Server | Transport | RateLimited | Signature),
                Unknown => matches!(row.kind, Server | Quota | RateLimited),
            };
            assert!(fits, "{row:?}");
        }
    }

    #[test]
    fn known_rows() {
        for (code, kind, retry) in [
            (-302, RateLimited, AfterWait(1000)),
            (-10001, Signature, Refresh),
            (1004, NotFound, AfterWait(600_000)),
            (10010, NotFound, No),
            (10016, ContentRejected, No),
            (20006, ContentRejected, No),
            (40005, ContentRejected, No),
            (40006, Server, Yes),
            (40601, InvalidInput, No),
            (60007, RateLimited, SlowDown(1000)),
            (60010, Permission, No),
            (60013, Server, Unknown),
            (70001, Signature, Refresh),
            (70020, Auth, No),
            (70050, RateLimited, AfterWait(60_000)),
            (70107, NotFound, No),
            (70169, Server, Yes),
            (70398, Quota, No),
            (70402, InvalidInput, No),
            (70403, Permission, No),
            (70500, Server, Yes),
            (141004, InvalidInput, No),
        ] {
            let row = find(code);
            assert_eq!((row.kind, row.retry), (kind, retry), "{code}");
        }
        assert!(find(70398).cause.contains("more than 100 accounts"));
        assert!(find(40601).cause.contains("500 bytes"));
    }

    #[test]
    fn codes_of_the_apps_own_webhook_share_a_row() {
        for (codes, row) in [([10100, 10150, 10200], 10100), ([120001, 125000, 130000], 120001)] {
            for code in codes {
                let found = find(code);
                assert_eq!(found.code, row);
                assert_eq!((found.kind, found.retry), (ContentRejected, No));
            }
        }
        assert_eq!(find(130001).code, 130001);
    }

    #[test]
    fn unknown_codes_are_not_found() {
        for code in [0, 1, -1, 9999, 10099, 10201, 70000, 120_000, 999_999, i64::MAX, i64::MIN, 70001 + (1 << 32)] {
            assert!(lookup(code).is_none(), "{code}");
        }
    }
}
