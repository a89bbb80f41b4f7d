//! How often somebody at an address has failed to be let in: whoever goes on trying waits. It knows addresses and times, not
//! what was tried.
//!
//! Secrets are too long to be found by trying; what this saves is the work of looking each one up.

use std::collections::HashMap;
use std::net::IpAddr;
use std::time::Duration;

use tokio::sync::{mpsc, oneshot};
use tokio::time::Instant;

use crate::door::network_of;

/// Failures at an address after which nothing more is looked up for it; one is forgiven each second. A client that comes
/// back every few seconds with a token that is too old, as the older stock ones do for ever, never gets there by itself.
const FAILURES: u32 = 100;
const FORGIVEN_EVERY: Duration = Duration::from_secs(1);
/// Addresses that are remembered; with more, those that have been forgiven are forgotten first.
const ADDRESSES: usize = 65_536;
const QUESTIONS: usize = 1_024;

/// What has failed, or is about to be tried. Nonsense must not keep those from being looked up who have something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Trial {
    /// What can be looked at as it is.
    Shown,
    /// What a document has to be asked about.
    LookedUp,
}

/// A way to ask about an address and to tell of a failure.
#[derive(Debug, Clone)]
pub(crate) struct Attempts {
    told: mpsc::Sender<Told>,
    counts_loopback: bool,
}

#[derive(Debug)]
enum Told {
    Failed((IpAddr, Trial)),
    MayTry((IpAddr, Trial), oneshot::Sender<bool>),
}

impl Attempts {
    /// Starts the task that counts; it ends with the last of these.
    ///
    /// This machine is not counted unless that is said: a proxy may stand there, and everybody behind it.
    pub(crate) fn start(counts_loopback: bool) -> Self {
        let (told, mut inbox) = mpsc::channel(QUESTIONS);
        tokio::spawn(async move {
            let mut failures = Failures::default();
            while let Some(told) = inbox.recv().await {
                match told {
                    Told::Failed(address) => failures.add(address, Instant::now()),
                    Told::MayTry(address, reply) => {
                        // Whoever asked may be gone.
                        let _ = reply.send(failures.at(address, Instant::now()) < FAILURES);
                    }
                }
            }
        });
        Self { told, counts_loopback }
    }

    /// Whether not too many have failed at this address.
    pub(crate) async fn may_try(&self, address: IpAddr, trial: Trial) -> bool {
        let Some(address) = self.counted(address) else { return true };
        let address = (address, trial);
        let (reply, may) = oneshot::channel();
        // A server that is going down lets nobody in anyway.
        self.told.send(Told::MayTry(address, reply)).await.is_ok() && may.await.unwrap_or(false)
    }

    /// One has failed.
    pub(crate) async fn failed(&self, address: IpAddr, trial: Trial) {
        if let Some(address) = self.counted(address) {
            let _ = self.told.send(Told::Failed((address, trial))).await;
        }
    }

    /// What an address is counted as, if it is.
    fn counted(&self, address: IpAddr) -> Option<IpAddr> {
        let is_counted = self.counts_loopback || !address.to_canonical().is_loopback();
        is_counted.then(|| network_of(address))
    }
}

/// Failures by address: how many at a time.
#[derive(Debug, Default)]
struct Failures {
    by_address: HashMap<(IpAddr, Trial), (u32, Instant)>,
}

impl Failures {
    fn at(&self, address: (IpAddr, Trial), now: Instant) -> u32 {
        let Some(&(count, since)) = self.by_address.get(&address) else { return 0 };
        let forgiven = now.duration_since(since).as_secs() / FORGIVEN_EVERY.as_secs();
        count.saturating_sub(u32::try_from(forgiven).unwrap_or(u32::MAX))
    }

    fn add(&mut self, address: (IpAddr, Trial), now: Instant) {
        let count = self.at(address, now).saturating_add(1).min(2 * FAILURES);
        self.by_address.insert(address, (count, now));
        if self.by_address.len() > ADDRESSES {
            let recent = now.checked_sub(FORGIVEN_EVERY * FAILURES / 2).unwrap_or(now);
            self.by_address.retain(|_, &mut (_, since)| since > recent);
        }
        if self.by_address.len() > ADDRESSES {
            self.by_address.clear();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HERE: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(192, 0, 2, 1));
    const ELSEWHERE: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(192, 0, 2, 2));

    #[tokio::test(start_paused = true)]
    async fn whoever_fails_too_often_waits_and_nobody_else_does() {
        let attempts = Attempts::start(false);
        for _ in 0..FAILURES {
            assert!(attempts.may_try(HERE, Trial::Shown).await);
            attempts.failed(HERE, Trial::Shown).await;
        }
        assert!(!attempts.may_try(HERE, Trial::Shown).await);
        assert!(attempts.may_try(ELSEWHERE, Trial::Shown).await);
        assert!(attempts.may_try(HERE, Trial::LookedUp).await, "who has something is looked up");
        tokio::time::advance(FORGIVEN_EVERY).await;
        assert!(attempts.may_try(HERE, Trial::Shown).await);
    }

    #[tokio::test]
    async fn a_proxy_on_this_machine_does_not_wait_for_the_one_who_fails_behind_it() {
        let here = IpAddr::V4(std::net::Ipv4Addr::LOCALHOST);
        for counts in [false, true] {
            let attempts = Attempts::start(counts);
            for _ in 0..FAILURES {
                attempts.failed(here, Trial::Shown).await;
            }
            assert_eq!(attempts.may_try(here, Trial::Shown).await, !counts);
        }
    }

    #[test]
    fn no_more_addresses_are_remembered_than_fit() {
        let (mut failures, now) = (Failures::default(), Instant::now());
        for n in 0..=ADDRESSES as u32 {
            failures.add((IpAddr::V4(n.into()), Trial::Shown), now);
        }
        assert!(failures.by_address.len() <= ADDRESSES);
    }
}
