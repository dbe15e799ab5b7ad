//! How much memory a model takes, whether that is free, and whether the kernel has ended a process for want of it.
//!
//! A worker that asks for more than there is makes the whole computer slow and is then killed in the middle of its
//! work: it is better not started, and the user told what to do.

/// What a model takes, as its process was seen to on x86-64.
#[derive(Debug, Clone, Copy)]
pub struct Need {
    /// Its weights, a second time in the order in which they are multiplied, in percent of its files.
    percent: u64,
    /// Bytes beside them.
    beside: u64,
}

impl Need {
    /// Of a text model whose longest prompt with its answer has so many tokens. Measured with 1.5 billion weights in
    /// 4 bits: 2.48 GB for a file of 1.12 GB. A token adds 57 kB to one of its two memories (keys and values of 28
    /// layers, twice 128 numbers of 4 bytes each); reserved is one of them, filled.
    pub fn of_text(context_tokens: u32) -> Self {
        Self { percent: 222, beside: u64::from(context_tokens) * 57_344 }
    }

    /// Of an embedding model, with the texts that it reads at once. Measured with 23 million weights of 4 bytes: 0.20
    /// GB for files of 0.09 GB.
    pub fn of_embedder() -> Self {
        Self { percent: 120, beside: 120_000_000 }
    }

    /// For files of so many bytes.
    pub fn bytes(self, files: u64) -> u64 {
        files / 100 * self.percent + self.beside
    }
}

/// In words why a model that takes `need` bytes is not started where `free` are free. `name` begins the sentence,
/// `instead` is what works without it.
pub fn shortage(name: &str, need: u64, free: u64, instead: &str) -> Option<String> {
    (free < need).then(|| {
        let gigabytes = |bytes: u64| bytes as f64 / 1e9;
        format!(
            "{name} needs {:.1} GB of free memory, and {:.1} GB are free. It was not started, because the computer \
             would run out of memory. Close other programs (a browser with many pages takes most) and try again. \
             {instead}",
            gigabytes(need),
            gigabytes(free),
        )
    })
}

/// Processes that the kernel has ended for want of memory since the computer was started; `None` where it does not
/// tell. Linux counts them in `/proc/vmstat` (Documentation/filesystems/proc.rst).
pub fn kernel_kills() -> Option<u64> {
    if cfg!(target_os = "linux") { counted(&std::fs::read_to_string("/proc/vmstat").ok()?) } else { None }
}

fn counted(vmstat: &str) -> Option<u64> {
    vmstat.lines().find_map(|line| line.strip_prefix("oom_kill "))?.trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const MODEL: u64 = 1_117_320_768;

    #[test]
    fn a_model_that_fits_is_started_and_one_that_does_not_is_refused_with_a_way_out() {
        let need = Need::of_text(8192).bytes(MODEL);
        assert_eq!(shortage("The text model", need, need, ""), None, "just enough is enough");
        let words = shortage("The text model", need, 1_100_000_000, "Rules need no model.")
            .unwrap_or_else(|| panic!("{need} bytes do not fit into 1.1 GB"));
        let parts =
            ["The text model needs", "1.1 GB are free", "Close other programs", "Rules need no model."];
        for part in parts {
            assert!(words.contains(part), "the user is told `{part}`: {words}");
        }
        assert!(
            shortage("The embedding model", Need::of_embedder().bytes(91_000_000), 1_100_000_000, "")
                .is_none(),
            "a search does not wait for the memory of a review"
        );
    }

    #[test]
    fn the_kernel_is_read_as_it_writes() {
        assert_eq!(counted("pgfault 12\noom_kill 3\nnuma_hit 9\n"), Some(3));
        assert_eq!(
            counted("pgfault 12\n"),
            None,
            "a kernel that does not count is not a kernel that kills nobody"
        );
    }
}
