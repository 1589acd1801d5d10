//! Every call of the tables: what they allow passes, and each single mistake is refused at its path before anything is
//! sent.

mod mutate;
mod sample;

use serde_json::Value;
use tencent_im_core::schema::Op;
use tencent_im_core::schema::names::Style;
use tencent_im_core::schema::walk::{RequestOptions, request, served};
use tencent_im_core::{Error, Kind, api};

use sample::Random;

/// Random requests tried for each call.
const SAMPLES: u64 = 24;

fn written(op: &'static Op, mut input: Value) -> Result<Vec<u8>, Error> {
    let options = RequestOptions { style: Style::Snake, prefer: None, extra_body: None, mark: 7 };
    request(op, &mut input, options).map(|(body, _)| body)
}

#[test]
fn what_the_tables_allow_passes_and_reads_back() {
    for op in api::all() {
        for seed in 0..SAMPLES {
            let input = sample::request((op.request)(), &mut Random(seed));
            let body = written(op, input.clone()).unwrap_or_else(|error| panic!("{error}\n{input:#}"));
            served(op.request, &body).unwrap_or_else(|error| panic!("{}: {error}", op.name));
        }
    }
}

#[test]
fn each_single_mistake_is_refused_at_its_path() {
    let mut tried = 0;
    for op in api::all() {
        for seed in 0..SAMPLES {
            let input = sample::request((op.request)(), &mut Random(seed));
            for mistake in mutate::mistakes((op.request)(), &input) {
                let what = format!("{}, {}", op.name, mistake.what);
                let Err(error) = written(op, mistake.request.clone()) else {
                    panic!("{what}: passed\n{:#}", mistake.request);
                };
                assert_eq!(error.kind, Kind::InvalidInput, "{what}: {error}");
                assert_eq!(error.path.as_deref().unwrap_or_default(), mistake.path, "{what}: {error}");
                assert!(error.cure.is_some(), "{what}: {error} names no cure");
                assert!(error.message.len() < 400, "{what}: a long message");
                tried += 1;
            }
        }
    }
    println!("{tried} mistakes");
    assert!(tried > 1_000, "only {tried} mistakes were tried");
}
