//! The list of what can be measured.
//! Does not know how.

use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use tokio::time::timeout;

use crate::bench::Bench;
use crate::figure::Figure;
use crate::scenarios::{
    aw50, cold, disk, fan, flood, gate, growth, hostile, idle, joiners, many, memory, reconnect,
    replay, restart, saved, slow, soak, start, viewers,
};
use crate::stop::Stop;

/// Figures that were verified, or why there are none.
pub(crate) type Outcome = Result<Vec<Figure>, Stop>;

/// Something that can be measured.
#[derive(Debug)]
pub(crate) struct Scenario {
    pub(crate) name: &'static str,
    pub(crate) about: &'static str,
    /// One that takes longer has failed.
    limit: Duration,
    run: for<'a> fn(&'a Bench) -> Pin<Box<dyn Future<Output = Outcome> + 'a>>,
}

const fn minutes(n: u64) -> Duration {
    Duration::from_secs(n * 60)
}

/// All of them, in the order in which they run.
pub(crate) const ALL: &[Scenario] = &[
    Scenario {
        name: "fan200",
        about: "ten who type before two hundred",
        limit: minutes(20),
        run: |bench| Box::pin(fan::fan200(bench)),
    },
    Scenario {
        name: "fan1000",
        about: "five who type before a thousand",
        limit: minutes(20),
        run: |bench| Box::pin(fan::fan1000(bench)),
    },
    Scenario {
        name: "max200",
        about: "ten who type before two hundred, as fast as the server hands on",
        limit: minutes(20),
        run: |bench| Box::pin(fan::max200(bench)),
    },
    Scenario {
        name: "many500",
        about: "two who type in each of many documents",
        limit: minutes(20),
        run: |bench| Box::pin(many::run(bench)),
    },
    Scenario {
        name: "idle5000",
        about: "thousands who do nothing",
        limit: minutes(20),
        run: |bench| Box::pin(idle::run(bench)),
    },
    Scenario {
        name: "aw50",
        about: "fifty who move their cursors",
        limit: minutes(20),
        run: |bench| Box::pin(aw50::run(bench)),
    },
    Scenario {
        name: "cold",
        about: "who opens a document that is open already",
        limit: minutes(20),
        run: |bench| Box::pin(cold::run(bench)),
    },
    Scenario {
        name: "reconnect1000",
        about: "a thousand who were cut off and come back at once",
        limit: minutes(20),
        run: |bench| Box::pin(reconnect::reconnect1000(bench)),
    },
    Scenario {
        name: "joins500",
        about: "five hundred who come at once with nothing in hand",
        limit: minutes(20),
        run: |bench| Box::pin(reconnect::joins500(bench)),
    },
    Scenario {
        name: "growth",
        about: "how the work grows with documents and people",
        limit: minutes(15),
        run: |bench| Box::pin(growth::run(bench)),
    },
    Scenario {
        name: "saved",
        about: "how long until an update is acknowledged from disk",
        limit: minutes(5),
        run: |bench| Box::pin(saved::run(bench)),
    },
    Scenario {
        name: "replay",
        about: "a long session as fast as the server takes it",
        limit: minutes(2),
        run: |bench| Box::pin(replay::run(bench)),
    },
    Scenario {
        name: "restart",
        about: "the first load of a document after a restart",
        limit: minutes(5),
        run: |bench| Box::pin(restart::run(bench)),
    },
    Scenario {
        name: "start",
        about: "the start with many documents",
        limit: minutes(10),
        run: |bench| Box::pin(start::run(bench)),
    },
    Scenario {
        name: "memory",
        about: "what an open document takes",
        limit: minutes(5),
        run: |bench| Box::pin(memory::run(bench)),
    },
    Scenario {
        name: "disk",
        about: "what small edits leave on the disk",
        limit: minutes(20),
        run: |bench| Box::pin(disk::run(bench)),
    },
    Scenario {
        name: "gate",
        about: "what it costs to look at bytes before yrs sees them",
        limit: minutes(2),
        run: |bench| Box::pin(gate::run(bench)),
    },
    Scenario {
        name: "slow",
        about: "somebody who does not read, and everyone else",
        limit: minutes(5),
        run: |bench| Box::pin(slow::run(bench)),
    },
    Scenario {
        name: "flood",
        about: "somebody who sends as fast as they can, and everyone else",
        limit: minutes(5),
        run: |bench| Box::pin(flood::run(bench)),
    },
    Scenario {
        name: "hostile",
        about: "somebody who sends what breaks yrs, and everyone else",
        limit: minutes(5),
        run: |bench| Box::pin(hostile::run(bench)),
    },
    Scenario {
        name: "joiners",
        about: "many who come to a long text at once",
        limit: minutes(20),
        run: |bench| Box::pin(joiners::run(bench)),
    },
    Scenario {
        name: "viewers",
        about: "five who type before hundreds",
        limit: minutes(5),
        run: |bench| Box::pin(viewers::run(bench)),
    },
    Scenario {
        name: "soak",
        about: "what is left when people have come and gone",
        limit: minutes(60),
        run: |bench| Box::pin(soak::run(bench)),
    },
];

impl Scenario {
    /// The one of this name.
    pub(crate) fn find(name: &str) -> Result<&'static Self, String> {
        ALL.iter().find(|scenario| scenario.name == name).ok_or_else(|| {
            let names: Vec<&str> = ALL.iter().map(|scenario| scenario.name).collect();
            format!("there are {}", names.join(", "))
        })
    }

    /// Runs it within its limit.
    pub(crate) async fn measure(&self, bench: &Bench) -> Outcome {
        let late = |_| Stop::wrong(format!("not done within {} s", self.limit.as_secs()));
        timeout(self.limit, (self.run)(bench)).await.map_err(late)?
    }
}
