//! Starting other programs and saying so.
//! Does not know what they are for.

use std::io::{self, BufRead, BufReader, Write};
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};
use std::{env, thread};

use crate::trouble::Trouble;

/// Says what happens now, as one short line under its topic.
#[expect(clippy::print_stdout, reason = "a command-line tool speaks on stdout")]
pub(crate) fn say(topic: &str, line: &str) {
    println!("{topic}: {line}");
}

/// The cargo this xtask was started by.
pub(crate) fn cargo() -> Command {
    Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
}

/// The command as one would type it, for messages.
pub(crate) fn shown(command: &Command) -> String {
    let program = command.get_program().to_string_lossy();
    let name = program.rsplit(['/', '\\']).next().unwrap_or(&program).to_owned();
    let args = command.get_args().map(|arg| arg.to_string_lossy().into_owned());
    std::iter::once(name).chain(args).collect::<Vec<_>>().join(" ")
}

/// Runs a command with its output on the terminal and waits for its success.
pub(crate) fn run(command: &mut Command) -> Result<(), Trouble> {
    let status = command.status().map_err(|source| cannot_start(command, source))?;
    if status.success() { Ok(()) } else { Err(Trouble::Failed { command: shown(command), status }) }
}

/// Runs a command and returns what it printed on stdout; its stderr shows only when it fails.
pub(crate) fn capture(command: &mut Command) -> Result<String, Trouble> {
    let Output { status, stdout, stderr } =
        command.stdin(Stdio::null()).output().map_err(|source| cannot_start(command, source))?;
    if status.success() {
        return Ok(String::from_utf8_lossy(&stdout).into_owned());
    }
    eprint!("{}", String::from_utf8_lossy(&stderr));
    Err(Trouble::Failed { command: shown(command), status })
}

/// Runs a command, passing its stdout on line by line and keeping it; whether it succeeded, and what it said.
pub(crate) fn tee(command: &mut Command) -> Result<(bool, String), Trouble> {
    let mut child = spawn(command.stdout(Stdio::piped()))?;
    let stdout = child.stdout.take().expect("stdout is piped one line above");
    let mut said = String::new();
    let mut terminal = io::stdout();
    for line in BufReader::new(stdout).split(b'\n').map_while(Result::ok) {
        let line = String::from_utf8_lossy(&line).into_owned() + "\n";
        // A closed terminal must not end the tests: their result still counts.
        let _ = terminal.write_all(line.as_bytes()).and_then(|()| terminal.flush());
        said.push_str(&line);
    }
    let status = child.wait().map_err(|source| cannot_start(command, source))?;
    Ok((status.success(), said))
}

/// Runs a command that may hang; whether it succeeded within the time.
pub(crate) fn run_within(command: &mut Command, limit: Duration) -> Result<bool, Trouble> {
    let mut child = spawn(command)?;
    let deadline = Instant::now() + limit;
    while Instant::now() < deadline {
        if let Some(status) = child.try_wait().map_err(|source| cannot_start(command, source))? {
            return Ok(status.success());
        }
        thread::sleep(Duration::from_millis(100));
    }
    // It may have ended by itself in between; either way it is gone after this.
    let _ = child.kill();
    let _ = child.wait();
    Ok(false)
}

/// Starts a command and leaves it running.
pub(crate) fn spawn(command: &mut Command) -> Result<Child, Trouble> {
    command.spawn().map_err(|source| cannot_start(command, source))
}

/// Asks a running program to end in good order and waits for it.
pub(crate) fn end(child: &mut Child) {
    let asked = Command::new("kill").arg(child.id().to_string()).status();
    if !asked.is_ok_and(|status| status.success()) {
        // No `kill` here, or it is gone already: the journal makes a hard end safe.
        let _ = child.kill();
    }
    let _ = child.wait();
}

fn cannot_start(command: &Command, source: io::Error) -> Trouble {
    Trouble::Start { command: shown(command), source }
}
