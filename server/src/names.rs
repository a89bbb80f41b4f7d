//! Names for documents that nobody can guess and everybody can read out: two words and some digits. It knows no documents.

/// 32 of each: five bits.
const ADJECTIVES: [&str; 32] = [
    "amber", "bold", "brave", "bright", "calm", "candid", "clever", "cosy", "crisp", "eager",
    "fair", "fond", "gentle", "golden", "happy", "honest", "jolly", "keen", "kind", "lively",
    "lucky", "merry", "neat", "patient", "proud", "quick", "quiet", "serene", "silver", "sunny",
    "tidy", "warm",
];
const ANIMALS: [&str; 32] = [
    "alpaca", "badger", "beaver", "bison", "crane", "curlew", "dolphin", "eagle", "falcon",
    "ferret", "finch", "fox", "gecko", "hare", "heron", "ibis", "kestrel", "koala", "lark", "lynx",
    "magpie", "marten", "newt", "osprey", "otter", "owl", "panda", "puffin", "raven", "seal",
    "stoat", "wren",
];
/// Crockford's digits: no i, l, o or u to misread.
const DIGITS: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
/// Digits of a name, five bits each. With its words it carries 60 bits, about as many as the names that the page makes up:
/// among a million documents a stranger with a thousand guesses a second meets one in some decades.
const GROUPS: usize = 2;
const IN_A_GROUP: usize = 5;

/// A fresh name, such as `quiet-otter-7k3fm-2xq9d`; an error when the system has no random numbers.
pub(crate) fn fresh() -> Result<String, getrandom::Error> {
    let mut random = [0; 2 + GROUPS * IN_A_GROUP];
    getrandom::fill(&mut random)?;
    let [adjective, animal, digits @ ..] = random;
    let word = |words: &[&str; 32], at: u8| words[usize::from(at % 32)].to_owned();
    let digit = |at: &u8| char::from(DIGITS[usize::from(at % 32)]);
    let groups = digits.chunks(IN_A_GROUP).map(|group| group.iter().map(digit).collect());
    let words = [word(&ADJECTIVES, adjective), word(&ANIMALS, animal)];
    Ok(words.into_iter().chain(groups).collect::<Vec<String>>().join("-"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_can_be_said_and_is_good_for_every_client() {
        let name = fresh().unwrap();
        assert_eq!(name.split('-').count(), 2 + GROUPS);
        // y-sweet's clients take no other characters.
        assert!(name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-'), "{name}");
        assert_ne!(fresh().unwrap(), name);
        let words: std::collections::BTreeSet<_> = ADJECTIVES.iter().chain(&ANIMALS).collect();
        assert_eq!(words.len(), 64);
    }
}
