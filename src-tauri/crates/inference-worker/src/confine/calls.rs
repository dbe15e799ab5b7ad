//! seccomp: which system calls the process can still make.
//!
//! Calls are refused with an error and do not end the process, so that the worker can say what it was refused.
//! The list names what is refused, not what is allowed: numeric code and allocators change what they call with
//! each version, and a worker that dies on a user's machine over a harmless call is no gain.

use std::collections::BTreeMap;

use seccompiler::{
    BackendError as Error, BpfProgram, SeccompAction, SeccompCmpArgLen, SeccompCmpOp, SeccompCondition,
    SeccompFilter, SeccompRule, TargetArch, apply_filter_all_threads, sock_filter,
};

use super::Layer;

/// Calls with this number and above came with Linux 6.6 and later and are unknown here: the C library does
/// without them. On x86-64 the calls of the x32 programs lie there, too, which would evade all other numbers.
const FIRST_UNKNOWN: u32 = 452;

/// Sockets of every kind.
const NETWORK: &[i64] = &[
    libc::SYS_socket,
    libc::SYS_socketpair,
    libc::SYS_connect,
    libc::SYS_bind,
    libc::SYS_listen,
    libc::SYS_accept,
    libc::SYS_accept4,
    libc::SYS_sendto,
    libc::SYS_sendmsg,
    libc::SYS_sendmmsg,
];

/// Other programs, other processes, other users. [`conditional`] has fork and kill.
const PROCESSES: &[i64] = &[
    libc::SYS_execve,
    libc::SYS_execveat,
    libc::SYS_ptrace,
    libc::SYS_process_vm_readv,
    libc::SYS_process_vm_writev,
    libc::SYS_process_madvise,
    libc::SYS_process_mrelease,
    libc::SYS_kcmp,
    libc::SYS_move_pages,
    libc::SYS_migrate_pages,
    libc::SYS_pidfd_open,
    libc::SYS_pidfd_getfd,
    libc::SYS_pidfd_send_signal,
    libc::SYS_tkill,
    libc::SYS_rt_sigqueueinfo,
    libc::SYS_rt_tgsigqueueinfo,
    libc::SYS_setrlimit,
    libc::SYS_unshare,
    libc::SYS_setns,
    libc::SYS_setuid,
    libc::SYS_setgid,
    libc::SYS_setreuid,
    libc::SYS_setregid,
    libc::SYS_setresuid,
    libc::SYS_setresgid,
    libc::SYS_setfsuid,
    libc::SYS_setfsgid,
    libc::SYS_setgroups,
    libc::SYS_capset,
    // Memory and queues that other processes of the user can open.
    libc::SYS_shmget,
    libc::SYS_shmat,
    libc::SYS_semget,
    libc::SYS_msgget,
    libc::SYS_mq_open,
    libc::SYS_mq_unlink,
];

/// Doors into the kernel that a model has no use for, among them those that most escapes went through.
const KERNEL: &[i64] = &[
    libc::SYS_bpf,
    libc::SYS_perf_event_open,
    libc::SYS_io_uring_setup,
    libc::SYS_io_uring_enter,
    libc::SYS_io_uring_register,
    libc::SYS_userfaultfd,
    libc::SYS_keyctl,
    libc::SYS_add_key,
    libc::SYS_request_key,
    libc::SYS_fanotify_init,
    libc::SYS_name_to_handle_at,
    libc::SYS_open_by_handle_at,
    libc::SYS_mount,
    libc::SYS_umount2,
    libc::SYS_pivot_root,
    libc::SYS_chroot,
    libc::SYS_move_mount,
    libc::SYS_open_tree,
    libc::SYS_fsopen,
    libc::SYS_fsconfig,
    libc::SYS_fsmount,
    libc::SYS_fspick,
    libc::SYS_mount_setattr,
    libc::SYS_init_module,
    libc::SYS_finit_module,
    libc::SYS_delete_module,
    libc::SYS_kexec_load,
    libc::SYS_kexec_file_load,
    libc::SYS_reboot,
    libc::SYS_swapon,
    libc::SYS_swapoff,
    libc::SYS_acct,
    libc::SYS_quotactl,
    libc::SYS_quotactl_fd,
    libc::SYS_settimeofday,
    libc::SYS_clock_settime,
    libc::SYS_adjtimex,
    libc::SYS_clock_adjtime,
    libc::SYS_sethostname,
    libc::SYS_setdomainname,
    libc::SYS_syslog,
    libc::SYS_vhangup,
];

/// Changes to files by any way but opening them, which [`conditional`] has. Landlock refuses most of these by
/// path; modes, owners, times and attributes it does not know.
const WRITES: &[i64] = &[
    libc::SYS_truncate,
    libc::SYS_ftruncate,
    libc::SYS_fallocate,
    libc::SYS_unlinkat,
    libc::SYS_renameat,
    libc::SYS_renameat2,
    libc::SYS_mkdirat,
    libc::SYS_mknodat,
    libc::SYS_linkat,
    libc::SYS_symlinkat,
    libc::SYS_fchmod,
    libc::SYS_fchmodat,
    libc::SYS_fchown,
    libc::SYS_fchownat,
    libc::SYS_utimensat,
    libc::SYS_setxattr,
    libc::SYS_lsetxattr,
    libc::SYS_fsetxattr,
    libc::SYS_removexattr,
    libc::SYS_lremovexattr,
    libc::SYS_fremovexattr,
];

/// Calls that only older architectures have, for what newer ones do by the calls above.
#[cfg(target_arch = "x86_64")]
const OLD: &[i64] = &[
    libc::SYS_fork,
    libc::SYS_vfork,
    libc::SYS_iopl,
    libc::SYS_ioperm,
    libc::SYS_modify_ldt,
    libc::SYS_creat,
    libc::SYS_unlink,
    libc::SYS_rename,
    libc::SYS_mkdir,
    libc::SYS_rmdir,
    libc::SYS_mknod,
    libc::SYS_link,
    libc::SYS_symlink,
    libc::SYS_chmod,
    libc::SYS_chown,
    libc::SYS_lchown,
    libc::SYS_utime,
    libc::SYS_utimes,
    libc::SYS_futimesat,
];
#[cfg(not(target_arch = "x86_64"))]
const OLD: &[i64] = &[];

/// Puts the filters on all threads of the process. Sets `no_new_privs`.
pub fn confine() -> Layer {
    let Ok(processor) = TargetArch::try_from(std::env::consts::ARCH) else {
        return Err(format!("no seccomp for {} processors", std::env::consts::ARCH));
    };
    match apply(processor) {
        Ok(()) => Ok("seccomp on".into()),
        Err(error) => Err(format!("no seccomp ({error})")),
    }
}

fn apply(processor: TargetArch) -> Result<(), Box<dyn std::error::Error>> {
    let refused = SeccompAction::Errno(libc::EPERM as u32);
    let absent = SeccompAction::Errno(libc::ENOSYS as u32);
    let mut rules = conditional()?;
    rules.extend(
        [NETWORK, PROCESSES, KERNEL, WRITES, OLD].concat().into_iter().map(|call| (call, Vec::new())),
    );
    // Both take what matters behind a pointer, where a filter cannot look; told that they do not exist, the C
    // library makes the older call.
    let pointers = BTreeMap::from([(libc::SYS_clone3, Vec::new()), (libc::SYS_openat2, Vec::new())]);
    let filter =
        |rules, action| SeccompFilter::new(rules, SeccompAction::Allow, action, processor)?.try_into();
    let programs: [BpfProgram; 3] = [unknown(&absent), filter(pointers, absent)?, filter(rules, refused)?];
    // All are built before the first is put on. Of several filters, the kernel does what the strictest says.
    for program in programs {
        apply_filter_all_threads(&program)?;
    }
    Ok(())
}

/// Calls that are refused depending on their arguments.
fn conditional() -> Result<BTreeMap<i64, Vec<SeccompRule>>, Error> {
    let me = u64::from(std::process::id());
    let is = |argument, value| rule(argument, SeccompCmpOp::Eq, value);
    let is_not = |argument, value| rule(argument, SeccompCmpOp::Ne, value);
    let has = |argument, bits: i32| rule(argument, SeccompCmpOp::MaskedEq(bits as u64), bits as u64);
    // For writing, for both, and the reserved mode that means neither; making and emptying.
    let writes = |flags| {
        let mode = SeccompCmpOp::MaskedEq(libc::O_ACCMODE as u64);
        let modes = [libc::O_WRONLY, libc::O_RDWR, libc::O_ACCMODE];
        let modes = modes.into_iter().map(|value| rule(flags, mode.clone(), value as u64));
        modes.chain([has(flags, libc::O_CREAT), has(flags, libc::O_TRUNC)]).collect::<Result<Vec<_>, _>>()
    };
    let rules = [
        // A thread is a clone that says so; every other clone is a process.
        (libc::SYS_clone, vec![rule(0, SeccompCmpOp::MaskedEq(libc::CLONE_THREAD as u64), 0)?]),
        (libc::SYS_openat, writes(2)?),
        #[cfg(target_arch = "x86_64")]
        (libc::SYS_open, writes(1)?),
        // abort() signals its own process.
        (libc::SYS_kill, vec![is_not(0, me)?]),
        (libc::SYS_tgkill, vec![is_not(0, me)?]),
        // Limits can be read; who sets them passes new ones.
        (libc::SYS_prlimit64, vec![wide(2, SeccompCmpOp::Ne, 0)?]),
        // The core's end is this process' end.
        (libc::SYS_prctl, vec![is(0, libc::PR_SET_PDEATHSIG as u64)?]),
    ];
    Ok(rules.into_iter().collect())
}

fn rule(argument: u8, compares: SeccompCmpOp, value: u64) -> Result<SeccompRule, Error> {
    SeccompRule::new(vec![SeccompCondition::new(argument, SeccompCmpArgLen::Dword, compares, value)?])
}

/// As [`rule`], on all 64 bits of the argument.
fn wide(argument: u8, compares: SeccompCmpOp, value: u64) -> Result<SeccompRule, Error> {
    SeccompRule::new(vec![SeccompCondition::new(argument, SeccompCmpArgLen::Qword, compares, value)?])
}

/// A filter for calls with the number [`FIRST_UNKNOWN`] and above. Written as instructions, since the crate's
/// filters compare numbers for equality only.
fn unknown(action: &SeccompAction) -> BpfProgram {
    let instruction = |code: u32, jt, jf, k| sock_filter { code: code as u16, jt, jf, k };
    vec![
        // The number is the first word of what a filter is given.
        instruction(libc::BPF_LD | libc::BPF_W | libc::BPF_ABS, 0, 0, 0),
        instruction(libc::BPF_JMP | libc::BPF_JGE | libc::BPF_K, 0, 1, FIRST_UNKNOWN),
        instruction(libc::BPF_RET | libc::BPF_K, 0, 0, action.clone().into()),
        instruction(libc::BPF_RET | libc::BPF_K, 0, 0, SeccompAction::Allow.into()),
    ]
}
