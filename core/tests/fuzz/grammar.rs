//! Updates that are well-formed and make no sense: a few clients, small clocks, every kind of block, origins anywhere.

use codraft_core::Writer;
use fastrand::Rng;

const ROOTS: [&str; 4] = ["content", "map", "array", "xml"];

pub(crate) fn update(random: &mut Rng) -> Vec<u8> {
    let mut writer = Writer::new();
    let mut clients: Vec<u64> = (1..9).collect();
    random.shuffle(&mut clients);
    clients.truncate(random.usize(..4));
    writer.var_uint(clients.len() as u64);
    for client in clients {
        let blocks = random.u64(1..5);
        writer.var_uint(blocks).var_uint(client).var_uint(clock(random));
        for _ in 0..blocks {
            block(&mut writer, random);
        }
    }
    delete_set(&mut writer, random);
    writer.finish()
}

fn clock(random: &mut Rng) -> u64 {
    if random.u8(..4) == 0 { random.u64(..30) } else { 0 }
}

fn id(writer: &mut Writer, random: &mut Rng) {
    writer.var_uint(random.u64(1..9)).var_uint(random.u64(..12));
}

fn block(writer: &mut Writer, random: &mut Rng) {
    let kind = random.u8(..11);
    if kind == 0 || kind == 10 {
        writer.raw(&[kind]).var_uint(random.u64(..4));
        return;
    }
    let flags = [0, 0x20, 0x40, 0x80, 0xc0, 0xa0][random.usize(..6)];
    writer.raw(&[kind | flags]);
    if flags & 0x80 != 0 {
        id(writer, random);
    }
    if flags & 0x40 != 0 {
        id(writer, random);
    }
    if flags & 0xc0 == 0 {
        if random.bool() {
            writer.var_uint(1).var_string(ROOTS[random.usize(..ROOTS.len())]);
        } else {
            writer.var_uint(0);
            id(writer, random);
        }
        if flags & 0x20 != 0 {
            writer.var_string("key");
        }
    }
    content(writer, kind, random);
}

fn content(writer: &mut Writer, kind: u8, random: &mut Rng) {
    match kind {
        1 => drop(writer.var_uint(random.u64(..4))),
        2 => drop(writer.var_uint(1).var_string("null")),
        3 => drop(writer.var_bytes(b"bytes")),
        4 => drop(writer.var_string(["x", "", "🦦", "words"][random.usize(..4)])),
        5 => drop(writer.var_string("{}")),
        6 => drop(writer.var_string("bold").var_string("true")),
        7 => {
            let kind = random.u64(..8);
            writer.var_uint(kind);
            if kind == 3 || kind == 5 {
                writer.var_string("p");
            }
        }
        8 => {
            let values = random.u64(..3);
            writer.var_uint(values);
            for _ in 0..values {
                writer.raw(&[127 - random.u8(..4)]);
            }
        }
        _ => drop(writer.var_string("guid").raw(&[118, 0])),
    }
}

fn delete_set(writer: &mut Writer, random: &mut Rng) {
    let clients = random.u64(..3);
    writer.var_uint(clients);
    for _ in 0..clients {
        let ranges = random.u64(1..3);
        writer.var_uint(random.u64(1..9)).var_uint(ranges);
        for _ in 0..ranges {
            writer.var_uint(random.u64(..12)).var_uint(random.u64(1..6));
        }
    }
}
