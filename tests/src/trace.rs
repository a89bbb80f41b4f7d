//! What a process asked of its files, in order and with every byte, as strace saw it. It does not know what a disk
//! makes of that.

use std::collections::HashMap;
use std::fmt;
use std::path::{Path, PathBuf};
use std::thread::JoinHandle;

use tokio::process::Command;

use crate::ServerProcess;

/// What is watched: all that changes files or names, and what moves a file's offset.
const WATCHED: &str = "trace=open,openat,creat,close,read,readv,lseek,dup,dup2,dup3,fcntl,write,writev,pwrite64,\
                       pwritev,pwritev2,ftruncate,fsync,fdatasync,rename,renameat,renameat2,unlink,unlinkat,rmdir,\
                       mkdir,mkdirat,clone,clone3,fork,vfork";

/// A path as a call gave it: absolute, or below an open folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The folder's descriptor.
    pub at: Option<u64>,
    /// The path.
    pub path: PathBuf,
}

/// A call that succeeded. Descriptors are those of its process.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names say it")]
pub enum Call {
    Open { place: Place, fd: u64, create: bool, truncate: bool, append: bool },
    Close { fd: u64 },
    Dup { fd: u64, copy: u64 },
    Read { fd: u64, count: u64 },
    Seek { fd: u64, offset: u64 },
    Write { fd: u64, bytes: Vec<u8> },
    WriteAt { fd: u64, bytes: Vec<u8>, offset: u64 },
    SetLen { fd: u64, length: u64 },
    Sync { fd: u64, data_only: bool },
    MakeFolder { place: Place },
    Rename { from: Place, to: Place },
    Remove { place: Place },
}

impl fmt::Display for Call {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Call::Write { fd, bytes } => write!(f, "Write fd {fd}, {} bytes", bytes.len()),
            Call::WriteAt { fd, bytes, offset } => {
                write!(f, "WriteAt fd {fd}, {} bytes at {offset}", bytes.len())
            }
            other => write!(f, "{other:?}"),
        }
    }
}

/// A call, where in the trace it began and where it had its effect.
#[derive(Debug, Clone)]
pub struct Event {
    /// The process, not the thread.
    pub process: u32,
    /// The line on which it was entered.
    pub began: usize,
    /// The line on which it was over; a close counts as soon as it is entered.
    pub ended: usize,
    /// What was asked.
    pub call: Call,
}

/// One process from its start to its end.
#[derive(Debug, Default)]
pub struct Trace {
    /// When each line was written, in µs since 1970.
    pub times: Vec<u64>,
    /// In the order of their effect.
    pub events: Vec<Event>,
}

/// A trace that is being written.
pub struct Recorder {
    reader: JoinHandle<std::io::Result<Vec<u8>>>,
}

impl Recorder {
    /// Whether this machine can trace.
    pub fn is_possible() -> bool {
        std::process::Command::new("strace")
            .args(["-qq", "-o", "/dev/null", "true"])
            .stderr(std::process::Stdio::null())
            .status()
            .is_ok_and(|status| status.success())
    }

    /// The command that runs the binary traced, and who listens to the trace. `folder` takes a pipe for it.
    pub fn new(folder: &Path) -> (Command, Recorder) {
        let pipe = folder.join("trace.pipe");
        // A pipe of an earlier trace may be there, or not.
        let _ = std::fs::remove_file(&pipe);
        let made = std::process::Command::new("mkfifo").arg(&pipe).status();
        assert!(made.is_ok_and(|status| status.success()), "mkfifo failed");
        let plain = ServerProcess::command();
        let mut command = Command::new("strace");
        // -D: strace stands aside, so that signals to our child reach the server itself.
        command.args(["-D", "-f", "-q", "-ttt", "-a1", "-s", "1000000000", "--seccomp-bpf"]);
        command.args(["-e", WATCHED, "-e", "raw=read,readv", "-o"]).arg(&pipe).arg("--");
        command.arg(plain.as_std().get_program());
        command.env_remove("CODRAFT_LISTEN").env_remove("CODRAFT_DATA").kill_on_drop(true);
        command.stdin(std::process::Stdio::null()).stdout(std::process::Stdio::null());
        command.stderr(std::process::Stdio::piped());
        (command, Recorder { reader: std::thread::spawn(move || std::fs::read(pipe)) })
    }

    /// The trace, once the process has ended.
    pub fn finish(self) -> Trace {
        let text = self.reader.join().expect("a reader that does not panic");
        Trace::parse(&text.expect("a pipe that can be read"))
    }
}

/// A call whose end is not on the line of its beginning.
struct Begun<'a> {
    line: usize,
    text: &'a [u8],
}

impl Trace {
    /// Reads what strace wrote.
    pub fn parse(text: &[u8]) -> Trace {
        let lines: Vec<(u32, u64, &[u8])> =
            text.split(|&byte| byte == b'\n').filter_map(split_line).collect();
        let mut begun: HashMap<u32, Begun> = HashMap::new();
        let mut calls: Vec<(u32, usize, usize, Vec<u8>)> = Vec::new();
        for (line, &(thread, _, text)) in lines.iter().enumerate() {
            if let Some(start) = text.strip_suffix(b" <unfinished ...>") {
                begun.insert(thread, Begun { line, text: start });
            } else if text.starts_with(b"<... ") {
                let Some(Begun { line: began, text: start }) = begun.remove(&thread) else {
                    continue;
                };
                let rest = find(text, b" resumed>").map_or(text.len(), |at| at + 9);
                calls.push((thread, began, line, [start, &text[rest..]].concat()));
            } else if text.first().is_some_and(u8::is_ascii_lowercase) {
                calls.push((thread, line, line, text.to_vec()));
            }
        }
        let processes = processes(&calls);
        let event = |(thread, began, ended, text): (u32, usize, usize, Vec<u8>)| {
            let call = call(&text)?;
            let ended = if matches!(call, Call::Close { .. }) { began } else { ended };
            Some(Event { process: process_of(&processes, thread), began, ended, call })
        };
        let mut events: Vec<Event> = calls.into_iter().filter_map(event).collect();
        events.sort_by_key(|event| event.ended);
        Trace { times: lines.iter().map(|line| line.1).collect(), events }
    }

    /// Puts what came later behind it.
    pub fn extend(&mut self, later: Trace) {
        let lines = self.times.len();
        self.times.extend(later.times);
        self.events.extend(later.events.into_iter().map(|event| Event {
            began: event.began + lines,
            ended: event.ended + lines,
            ..event
        }));
    }
}

/// `1234 1795373075.458276 write(…) = 3`, with the time in µs.
fn split_line(line: &[u8]) -> Option<(u32, u64, &[u8])> {
    let mut parts = line.splitn(2, |&byte| byte == b' ');
    let thread = text(parts.next()?).parse().ok()?;
    let mut parts = parts.next()?.trim_ascii_start().splitn(2, |&byte| byte == b' ');
    let (seconds, micros) = text(parts.next()?).split_once('.')?;
    let time = seconds.parse::<u64>().ok()? * 1_000_000 + micros.parse::<u64>().ok()?;
    Some((thread, time, parts.next()?))
}

/// Thread → the thread that made it, for threads; a child process has descriptors of its own.
fn processes(calls: &[(u32, usize, usize, Vec<u8>)]) -> HashMap<u32, u32> {
    let mut parents = HashMap::new();
    for (thread, _, _, text) in calls {
        if text.starts_with(b"clone")
            && find(text, b"CLONE_THREAD").is_some()
            && let Some((_, Ok(made))) = outcome(text)
        {
            parents.insert(made as u32, *thread);
        }
    }
    parents
}

fn process_of(parents: &HashMap<u32, u32>, mut thread: u32) -> u32 {
    while let Some(&parent) = parents.get(&thread) {
        thread = parent;
    }
    thread
}

/// A call's text up to its closing bracket, and what it returned.
fn outcome(line: &[u8]) -> Option<(&[u8], Result<u64, std::num::ParseIntError>)> {
    let end = line.windows(4).rposition(|window| window == b") = ")?;
    let value = text(&line[end + 4..]);
    let value = value.split(' ').next()?;
    let returned = match value.strip_prefix("0x") {
        Some(hex) => u64::from_str_radix(hex, 16),
        None => value.parse(),
    };
    Some((&line[..end], returned))
}

/// What a line says was done; `None` for failures and for what changes nothing.
fn call(line: &[u8]) -> Option<Call> {
    let (line, Ok(returned)) = outcome(line)? else { return None };
    let name_end = line.iter().position(|&byte| byte == b'(')?;
    let Arguments { strings, words } = Arguments::parse(&line[name_end + 1..]);
    let fd = || number(words.first()?);
    let path = |n: usize| Some(PathBuf::from(text(strings.get(n)?)));
    let place = |n: usize| Some(Place { at: words.get(n).and_then(number), path: path(n)? });
    let bytes = || {
        let mut bytes = strings.concat();
        bytes.truncate(returned as usize);
        bytes
    };
    let has = |flag: &str| words.iter().any(|word| word.split('|').any(|part| part == flag));
    Some(match text(&line[..name_end]) {
        "open" | "openat" => Call::Open {
            place: Place { at: number(words.first()?), path: path(0)? },
            fd: returned,
            create: has("O_CREAT"),
            truncate: has("O_TRUNC"),
            append: has("O_APPEND"),
        },
        "creat" => Call::Open {
            place: Place { at: None, path: path(0)? },
            fd: returned,
            create: true,
            truncate: true,
            append: false,
        },
        "close" => Call::Close { fd: fd()? },
        "dup" | "dup2" | "dup3" => Call::Dup { fd: fd()?, copy: returned },
        "fcntl" if words.get(1)?.starts_with("F_DUPFD") => Call::Dup { fd: fd()?, copy: returned },
        "read" | "readv" => Call::Read { fd: fd()?, count: returned },
        "lseek" => Call::Seek { fd: fd()?, offset: returned },
        "write" | "writev" => Call::Write { fd: fd()?, bytes: bytes() },
        "pwrite64" => Call::WriteAt { fd: fd()?, bytes: bytes(), offset: number(words.last()?)? },
        "pwritev" => Call::WriteAt { fd: fd()?, bytes: bytes(), offset: number(words.last()?)? },
        "ftruncate" => Call::SetLen { fd: fd()?, length: number(words.get(1)?)? },
        "fsync" => Call::Sync { fd: fd()?, data_only: false },
        "fdatasync" => Call::Sync { fd: fd()?, data_only: true },
        "mkdir" | "mkdirat" => Call::MakeFolder { place: place(0)? },
        "rename" | "renameat" | "renameat2" => Call::Rename { from: place(0)?, to: place(1)? },
        "unlink" | "unlinkat" | "rmdir" => Call::Remove { place: place(0)? },
        _ => return None,
    })
}

/// A call's arguments: what was quoted, and the words between.
#[derive(Default)]
struct Arguments<'a> {
    strings: Vec<Vec<u8>>,
    words: Vec<&'a str>,
}

impl<'a> Arguments<'a> {
    fn parse(mut rest: &'a [u8]) -> Arguments<'a> {
        let mut arguments = Arguments::default();
        loop {
            let quote = rest.iter().position(|&byte| byte == b'"');
            let words = text(&rest[..quote.unwrap_or(rest.len())]).split(", ");
            arguments.words.extend(words.map(str::trim).filter(|word| !word.is_empty()));
            let Some(quote) = quote else { return arguments };
            let (string, after) = unquote(&rest[quote + 1..]);
            arguments.strings.push(string);
            rest = after.strip_prefix(b", ").unwrap_or(after);
        }
    }
}

/// Reads a string in C's way of writing it, up to its closing quote.
fn unquote(quoted: &[u8]) -> (Vec<u8>, &[u8]) {
    let mut string = Vec::new();
    let mut at = 0;
    while let Some(&byte) = quoted.get(at) {
        at += 1;
        match byte {
            b'"' => break,
            b'\\' => {
                let escape = quoted[at];
                let digits = quoted[at..].iter().take(3).take_while(|d| (b'0'..=b'7').contains(d));
                let count = digits.count();
                if count > 0 {
                    let octal = quoted[at..at + count].iter();
                    string.push(octal.fold(0u32, |value, d| value * 8 + u32::from(d - b'0')) as u8);
                    at += count;
                    continue;
                }
                at += 1;
                string.push(match escape {
                    b'n' => b'\n',
                    b't' => b'\t',
                    b'r' => b'\r',
                    b'v' => 0x0b,
                    b'f' => 0x0c,
                    other => other,
                });
            }
            _ => string.push(byte),
        }
    }
    (string, &quoted[at..])
}

fn number(word: &&str) -> Option<u64> {
    match word.strip_prefix("0x") {
        Some(hex) => u64::from_str_radix(hex, 16).ok(),
        None => word.parse().ok(),
    }
}

fn find(text: &[u8], what: &[u8]) -> Option<usize> {
    text.windows(what.len()).position(|window| window == what)
}

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).unwrap_or("")
}
