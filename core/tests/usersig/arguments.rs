//! Arguments: what is refused, and by what name.

use tencent_im_core::usersig::{self, Expect, Privileges, Room, Signer, inspect, parse_private_map_key, verify};
use tencent_im_core::{Kind, SecretKey};

#[test]
fn one_of_several_keys_is_enough() {
    let keys = ["an old key", "the key", "a new key"].map(|key| SecretKey::new(key).unwrap());
    let usersig = Signer::new(1400000001, &keys[1]).unwrap().sign("alice", 1_700_000_000, 60).unwrap();
    let expect = Expect::at(1_700_000_000);
    verify(&usersig, &keys, &expect).unwrap();
    assert_eq!(verify(&usersig, &keys[2..], &expect).unwrap_err().code, Some(70009));
    assert_eq!(verify(&usersig, &[], &expect).unwrap_err().kind, Kind::InvalidInput);
}

#[test]
fn bad_arguments_are_named() {
    let signer = Signer::new(1400000001, &SecretKey::new("key").unwrap()).unwrap();
    let now = 1_700_000_000;
    for (user_id, now, expire, path) in [
        ("", now, 60, "user_id"),
        ("a\nb", now, 60, "user_id"),
        ("a\u{7f}", now, 60, "user_id"),
        ("123456789012345678901234567890123", now, 60, "user_id"),
        ("alice", 0, 60, "now"),
        ("alice", now * 1000, 60, "now"),
        ("alice", now, 0, "expire"),
        ("alice", now, usersig::MAX_EXPIRE_S + 1, "expire"),
    ] {
        let error = signer.sign(user_id, now, expire).unwrap_err();
        assert_eq!((error.kind, error.path.as_deref()), (Kind::InvalidInput, Some(path)));
        assert!(error.cure.is_some());
    }
    for userbuf in [&[][..], &[0; 1025]] {
        let error = signer.sign_with_userbuf("alice", now, 60, userbuf).unwrap_err();
        assert_eq!((error.kind, error.path.as_deref()), (Kind::InvalidInput, Some("userbuf")));
    }
    let error = signer.sign_many(["a", "", "c"], now, 60).unwrap_err();
    assert_eq!(error.path.as_deref(), Some("user_ids[1]"));
    let error = signer.sign_many(["a", "b"], now, 0).unwrap_err();
    assert_eq!(error.path.as_deref(), Some("expire"));
    assert_eq!(signer.sign_many(["a", "b"], now, 60).unwrap().len(), 2);
    assert_eq!(Signer::new(0, &SecretKey::new("key").unwrap()).unwrap_err().kind, Kind::Config);
    assert_eq!(SecretKey::new("").unwrap_err().kind, Kind::Config);
}

#[test]
fn lengths_in_a_userbuf_count_bytes() {
    let signer = Signer::new(1400000001, &SecretKey::new("key").unwrap()).unwrap();
    let usersig = signer.private_map_key("用户é", &Room::Number(7), Privileges::ALL, 1_700_000_000, 60).unwrap();
    let userbuf = inspect(&usersig).unwrap().userbuf.unwrap();
    assert_eq!(userbuf[..3], [0, 0, 8]);
    assert_eq!(userbuf.len(), 23 + 8);
    let read = parse_private_map_key(&userbuf).unwrap();
    assert_eq!((read.user_id.as_str(), read.room), ("用户é", Room::Number(7)));
    for cut in 0..userbuf.len() {
        assert_eq!(parse_private_map_key(&userbuf[..cut]).unwrap_err().kind, Kind::InvalidInput);
    }
    parse_private_map_key(&[&userbuf[..], b"x"].concat()).unwrap_err();
}

#[test]
fn privileges_have_names() {
    let listener = Privileges::from_names(["enter_room", "receiveAudio", "RECEIVE_VIDEO"]).unwrap();
    assert_eq!(listener.bits(), 42);
    assert_eq!(listener.names().collect::<Vec<_>>(), ["enter_room", "receive_audio", "receive_video"]);
    assert_eq!(Privileges::from_names(Privileges::ALL.names()).unwrap(), Privileges::ALL);
    assert!(Privileges::ALL.contains(listener) && !listener.contains(Privileges::SEND_AUDIO));
    let error = Privileges::from_names(["enter_room", "fly"]).unwrap_err();
    assert_eq!((error.kind, error.path.as_deref()), (Kind::InvalidInput, Some("privileges[1]")));
    assert_eq!(Privileges::from_bits(256).unwrap_err().path.as_deref(), Some("privileges"));

    let signer = Signer::new(1400000001, &SecretKey::new("key").unwrap()).unwrap();
    for room in [
        Room::Number(0),
        Room::Text(String::new()),
        Room::Text("x".repeat(65)),
        Room::Text("a\nb".into()),
        Room::Text("房间".into()),
    ] {
        let error = signer.private_map_key("alice", &room, listener, 1_700_000_000, 60).unwrap_err();
        assert_eq!((error.kind, error.path.as_deref()), (Kind::InvalidInput, Some("room")));
    }
    let error = signer
        .private_map_key("alice", &Room::Number(1), listener, usersig::MAX_TIME_S, usersig::MAX_EXPIRE_S)
        .unwrap_err();
    assert_eq!(error.path.as_deref(), Some("expire"));
}
