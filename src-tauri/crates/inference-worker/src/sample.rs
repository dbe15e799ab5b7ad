//! From logits to a token, and from logits to a probability.

/// SplitMix64: small, seedable, the same on every machine.
#[derive(Debug, Clone)]
pub struct Random(u64);

impl Random {
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// Uniform in [0, 1).
    pub fn next_unit(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) >> 11) as f64 / (1u64 << 53) as f64
    }
}

/// Chooses among `allowed` token ids by their logits: the likeliest at temperature 0, otherwise
/// drawn. `None` when nothing is allowed or no logit is a number.
pub fn choose(
    logits: &[f32],
    allowed: impl Iterator<Item = u32>,
    temperature: f32,
    random: &mut Random,
) -> Option<u32> {
    let candidates: Vec<(u32, f32)> = allowed
        .filter_map(|id| logits.get(id as usize).map(|&logit| (id, logit)))
        .filter(|(_, logit)| logit.is_finite())
        .collect();
    // The first of equals, so that ties are decided the same way everywhere.
    let best = candidates.iter().copied().reduce(|a, b| if b.1 > a.1 { b } else { a })?;
    if temperature <= 0.0 {
        return Some(best.0);
    }
    let weight = |logit: f32| f64::from((logit - best.1) / temperature).exp();
    let total: f64 = candidates.iter().map(|&(_, logit)| weight(logit)).sum();
    let mut left = random.next_unit() * total;
    for &(id, logit) in &candidates {
        left -= weight(logit);
        if left < 0.0 {
            return Some(id);
        }
    }
    Some(best.0)
}

/// Natural-log probability of `token` among all logits of a row.
pub fn log_probability(logits: &[f32], token: u32) -> Option<f32> {
    let chosen = *logits.get(token as usize)?;
    let highest = logits.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let total: f64 = logits.iter().map(|&logit| f64::from((logit - highest).exp())).sum();
    let result = (f64::from(chosen - highest) - total.ln()) as f32;
    result.is_finite().then_some(result)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_allowed_tokens_are_chosen() {
        let logits = [9.0, 1.0, f32::NAN, 3.0, 2.0];
        let mut random = Random::new(1);
        assert_eq!(choose(&logits, [1, 3, 4].into_iter(), 0.0, &mut random), Some(3));
        assert_eq!(choose(&logits, [2].into_iter(), 0.0, &mut random), None, "NaN is no choice");
        assert_eq!(choose(&logits, [77].into_iter(), 0.0, &mut random), None, "nor is a token without logit");
        for _ in 0..200 {
            let drawn = choose(&logits, [1, 3, 4].into_iter(), 1.5, &mut random).unwrap();
            assert!([1, 3, 4].contains(&drawn), "a forbidden token with the highest logit was drawn");
        }
    }

    #[test]
    fn drawing_follows_the_probabilities_and_the_seed() {
        let logits = [0.0, 2f32.ln(), 5f32.ln()];
        let draw = |seed| {
            let mut random = Random::new(seed);
            (0..4000).map(|_| choose(&logits, 0..3, 1.0, &mut random).unwrap()).collect::<Vec<_>>()
        };
        let drawn = draw(7);
        for (token, expected) in [(0, 0.125), (1, 0.25), (2, 0.625)] {
            let share = drawn.iter().filter(|&&t| t == token).count() as f64 / 4000.0;
            assert!((share - expected).abs() < 0.03, "token {token}: {share} instead of {expected}");
        }
        assert_eq!(drawn, draw(7), "the same seed must give the same answer");
        assert_ne!(drawn, draw(8));
    }

    #[test]
    fn log_probabilities_are_normalised_and_survive_large_logits() {
        let logits = [1000.0, 1000.0 + 3f32.ln(), -1000.0];
        let p = |token| log_probability(&logits, token).unwrap();
        assert!((p(0) - 0.25f32.ln()).abs() < 1e-4);
        assert!((p(1) - 0.75f32.ln()).abs() < 1e-4);
        assert!(p(2) < -1900.0);
        assert_eq!(log_probability(&logits, 3), None);
        assert_eq!(log_probability(&[f32::NAN, 0.0], 0), None, "NaN must not travel on as a score");
    }
}
