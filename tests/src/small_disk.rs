//! A disk of a few megabytes that only its test and the processes it starts can see. It needs no root where a machine lets
//! people make name spaces, and knows nothing of what is written on it.

use std::fs::File;
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::process::Stdio;

use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};

use crate::{ServerProcess, patiently};

/// A file system in memory, mounted for one process that holds it, and for those that join it.
pub struct SmallDisk {
    mount: TempDir,
    holder: Child,
}

impl SmallDisk {
    /// Makes one of so many bytes; none where this machine does not let us.
    pub async fn mount(bytes: u64) -> Option<Self> {
        let mount = tempfile::tempdir().expect("a temporary directory");
        let script = "mount -t tmpfs -o size=$1 codraft \"$2\" && echo mounted && exec sleep 600";
        let mut holder = Command::new("unshare")
            .args(["--map-root-user", "--mount", "sh", "-c", script, "sh", &bytes.to_string()])
            .arg(mount.path())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .ok()?;
        let mut said = BufReader::new(holder.stdout.take().expect("a piped output")).lines();
        let line = patiently("a small disk", said.next_line()).await.expect("readable words");
        line.map(|_| Self { mount, holder })
    }

    /// The command that runs the binary where this disk is mounted.
    pub fn server(&self) -> Command {
        let binary = ServerProcess::command().as_std().get_program().to_owned();
        let mut joined = Command::new("nsenter");
        joined
            .args(["--target", &self.holder().to_string(), "--user", "--mount"])
            .args(["--preserve-credentials", "--wd=/", "--"])
            .arg(std::path::absolute(binary).expect("a current directory"))
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true);
        joined
    }

    /// A folder on it, by the name that a process there has for it.
    pub fn folder(&self) -> PathBuf {
        self.mount.path().join("data")
    }

    /// Writes until nothing fits, and takes so many bytes of it back.
    pub fn fill(&self, left: u64) -> io::Result<()> {
        let mut file = File::create(self.filler())?;
        for size in [4096, 1] {
            fill_by(&mut file, &vec![7; size])?;
        }
        let length = file.metadata()?.len();
        file.set_len(length.saturating_sub(left))
    }

    /// Gives the space back.
    pub fn free(&self) -> io::Result<()> {
        match std::fs::remove_file(self.filler()) {
            Err(error) if error.kind() != ErrorKind::NotFound => Err(error),
            Ok(()) | Err(_) => Ok(()),
        }
    }

    fn filler(&self) -> PathBuf {
        let root = PathBuf::from(format!("/proc/{}/root", self.holder()));
        root.join(self.mount.path().strip_prefix("/").unwrap_or(Path::new("."))).join("filler")
    }

    fn holder(&self) -> u32 {
        self.holder.id().expect("a process that is running")
    }
}

fn fill_by(file: &mut File, bytes: &[u8]) -> io::Result<()> {
    loop {
        match file.write(bytes) {
            Ok(_) => {}
            Err(error) if error.kind() == ErrorKind::StorageFull => return Ok(()),
            Err(error) => return Err(error),
        }
    }
}
