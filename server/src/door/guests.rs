//! Who is connected, by address, and whether there is room for one more. It knows addresses, not what is said.
//!
//! The counts belong to whoever accepts connections. A place is given back by dropping it, from whatever task has it then.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv6Addr, SocketAddr};
use std::sync::Arc;

use tokio::sync::mpsc;

use crate::limits::Limits;
use crate::metrics::Metrics;

/// Connections beyond the limit that are told so at the same time; more are dropped without a word.
pub(crate) const TURNED_AWAY: usize = 256;

/// Which limit a connection is over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Excess {
    /// The server has as many as it takes.
    Server,
    /// The address has.
    Address,
}

/// Where a connection comes from, as requests on it see it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Guest {
    pub(crate) address: SocketAddr,
    /// It is here only to be turned away.
    pub(crate) excess: Option<Excess>,
}

/// What a connection is counted as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Seat {
    Within(IpAddr),
    Beyond,
}

/// A connection's place, given back when it is dropped.
#[derive(Debug)]
pub(super) struct Place {
    seat: Seat,
    metrics: Arc<Metrics>,
    given_back: mpsc::UnboundedSender<Seat>,
}

/// The connections there are.
#[derive(Debug)]
pub(super) struct Guests {
    limits: Limits,
    metrics: Arc<Metrics>,
    within: usize,
    beyond: usize,
    by_address: HashMap<IpAddr, usize>,
    /// As long as there are connections at most: each sends once, at its end.
    given_back: mpsc::UnboundedReceiver<Seat>,
    give_back: mpsc::UnboundedSender<Seat>,
}

impl Guests {
    /// Nobody yet.
    pub(super) fn new(limits: Limits, metrics: Arc<Metrics>) -> Self {
        let (give_back, given_back) = mpsc::unbounded_channel();
        let by_address = HashMap::new();
        Self { limits, metrics, within: 0, beyond: 0, by_address, given_back, give_back }
    }

    /// A place for a connection, if only to be turned away; none when not even that is possible.
    pub(super) fn admit(&mut self, address: SocketAddr) -> Option<(Guest, Place)> {
        while let Ok(seat) = self.given_back.try_recv() {
            self.leave(seat);
        }
        let network = network_of(address.ip());
        let excess = self.excess(network);
        let seat = match excess {
            None => Seat::Within(network),
            Some(_) if self.beyond < TURNED_AWAY => Seat::Beyond,
            Some(_) => return None,
        };
        match seat {
            Seat::Within(network) => {
                self.within += 1;
                *self.by_address.entry(network).or_default() += 1;
            }
            Seat::Beyond => self.beyond += 1,
        }
        self.metrics.connections.inc();
        self.metrics.connections_open.inc();
        let place =
            Place { seat, metrics: self.metrics.clone(), given_back: self.give_back.clone() };
        Some((Guest { address, excess }, place))
    }

    fn excess(&self, network: IpAddr) -> Option<Excess> {
        if self.within >= self.limits.connections {
            return Some(Excess::Server);
        }
        let is_counted = self.limits.counts_loopback || !network.is_loopback();
        let here = self.by_address.get(&network).copied().unwrap_or(0);
        (is_counted && here >= self.limits.connections_per_address).then_some(Excess::Address)
    }

    fn leave(&mut self, seat: Seat) {
        match seat {
            Seat::Beyond => self.beyond -= 1,
            Seat::Within(network) => {
                self.within -= 1;
                if let Some(here) = self.by_address.get_mut(&network) {
                    *here -= 1;
                    if *here == 0 {
                        self.by_address.remove(&network);
                    }
                }
            }
        }
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.metrics.connections_open.dec();
        // Once nobody is let in any more, nobody counts.
        let _ = self.given_back.send(self.seat);
    }
}

/// What counts as one address: a household or an office is given at least 64 bits of IPv6.
pub(crate) fn network_of(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) if !address.is_loopback() => {
            Ipv6Addr::from_bits(address.to_bits() & (u128::MAX << 64)).into()
        }
        address => address,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::journal::Meter;

    fn guests(connections: usize, connections_per_address: usize) -> Guests {
        let limits = Limits { connections, connections_per_address, ..Limits::default() };
        Guests::new(limits, Metrics::new(&Meter::default()))
    }

    fn admit(guests: &mut Guests, address: &str) -> (Option<Excess>, Place) {
        let (guest, place) = guests.admit((address.parse::<IpAddr>().unwrap(), 1).into()).unwrap();
        (guest.excess, place)
    }

    #[test]
    fn an_address_has_its_share_and_gets_it_back_when_a_place_is_dropped() {
        let mut guests = guests(100, 2);
        let (_, first) = admit(&mut guests, "192.0.2.1");
        let (_, _second) = admit(&mut guests, "192.0.2.1");
        assert_eq!(admit(&mut guests, "192.0.2.1").0, Some(Excess::Address));
        assert_eq!(admit(&mut guests, "192.0.2.2").0, None);
        drop(first);
        assert_eq!(admit(&mut guests, "::ffff:192.0.2.1").0, None, "the same in IPv6 clothes");
        assert_eq!(guests.by_address.len(), 1, "whoever has gone is not remembered");
    }

    #[test]
    fn sixty_four_bits_of_ipv6_are_one_address_and_this_machine_is_none() {
        let mut guests = guests(100, 1);
        let (_, _held) = admit(&mut guests, "2001:db8::1");
        assert_eq!(admit(&mut guests, "2001:db8::2").0, Some(Excess::Address));
        assert_eq!(admit(&mut guests, "2001:db8:0:1::1").0, None);
        let places = ["127.0.0.1", "127.0.0.1", "::1", "::1"].map(|at| admit(&mut guests, at));
        assert!(places.iter().all(|(excess, _)| excess.is_none()));
    }

    #[test]
    fn a_full_server_tells_a_few_and_drops_the_rest() {
        let mut guests = guests(1, 1);
        let (excess, place) = admit(&mut guests, "127.0.0.1");
        assert_eq!(excess, None);
        let told: Vec<_> = (0..TURNED_AWAY).map(|_| admit(&mut guests, "127.0.0.1")).collect();
        assert!(told.iter().all(|(excess, _)| *excess == Some(Excess::Server)));
        assert!(guests.admit(([127, 0, 0, 1], 1).into()).is_none());
        drop((told, place));
        assert_eq!(admit(&mut guests, "127.0.0.1").0, None);
    }
}
