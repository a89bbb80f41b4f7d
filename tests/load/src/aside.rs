//! Load on a thread of its own, so that the clocks of those who are measured do not notice how much work it is.
//! Does not know what the work is.

use std::future::Future;
use std::io;
use std::thread;

use tokio::runtime::Builder;
use tokio::sync::oneshot;

use crate::stop::Stop;

/// Has a new thread do something.
pub(crate) async fn aside<T, F>(work: impl FnOnce() -> F + Send + 'static) -> Result<T, Stop>
where
    T: Send + 'static,
    F: Future<Output = Result<T, Stop>>,
{
    let (done, is_done) = oneshot::channel();
    thread::spawn(move || {
        let runtime = Builder::new_current_thread().enable_all().build();
        let outcome = runtime.map_err(Stop::from).and_then(|runtime| runtime.block_on(work()));
        // A scenario that took too long is gone.
        let _ = done.send(outcome);
    });
    is_done.await.map_err(|_| Stop::wrong("a thread of the load generator has panicked"))?
}

/// The same, when nobody else wants to run: whoever this stands for sits at another machine, and takes no time from the
/// server and the people.
pub(crate) async fn far_aside<T, F>(work: impl FnOnce() -> F + Send + 'static) -> Result<T, Stop>
where
    T: Send + 'static,
    F: Future<Output = Result<T, Stop>>,
{
    aside(move || async move {
        stand_aside()?;
        work().await
    })
    .await
}

/// Lowers the priority of this thread; on Linux each has its own.
fn stand_aside() -> io::Result<()> {
    const LOW: i32 = 10;
    Ok(rustix::process::setpriority_process(None, LOW)?)
}
