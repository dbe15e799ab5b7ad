/// What the account of the fake core sees and did on GitHub.
import type { Contribution, RemoteRepository } from './bindings';
import { contribution, remoteRepository } from './fake';

/// Forty repositories in which every mark appears.
export function fortyRepositories(): RemoteRepository[] {
  const names = [
    'tracker', 'hostel-mess', 'dotfiles', 'compiler-lab', 'numpy', 'campus-bot', 'raytracer', 'os-assignments',
    'notes', 'placement-portal',
  ];
  const languages = ['Python', 'TypeScript', 'Shell', 'C++', 'Python', 'Go', 'Rust', 'C', null, 'Java'];
  const words = [
    'Tracks lab submissions and reminds the late ones', 'Menus and complaints of the hostel mess', null,
    'A compiler for a small Pascal, written for CS3104', 'The fundamental package for scientific computing with Python',
    'Answers questions about the timetable', 'Weekend ray tracer', 'Assignments of the operating systems course', null,
    'Applications, shortlists and offers in one place for the placement cell of the institute',
  ];
  const owners = ['asha', 'asha', 'nitc-acm', 'devika'];
  return Array.from({ length: 40 }, (_, i) => {
    const owner = owners[Math.floor(i / 10)] ?? 'asha';
    const name = names[i % 10] ?? '';
    return remoteRepository(`${owner}/${name}${i === 19 ? '-archive-of-the-second-year' : i >= 10 && i < 20 ? '-2' : ''}`, {
      description: words[i % 10] ?? null, language: languages[i % 10] ?? null,
      relation: i < 20 ? 'own' : i < 30 ? 'organization' : 'collaborator',
      private: i % 5 === 1, fork: i % 10 === 4, archived: i > 12 && i % 7 === 0,
      size_kb: i % 13 === 8 ? 0 : i % 10 === 4 ? 1_640_000 : 800 + i * 37,
      pushed_at: i % 13 === 8 ? null : Math.floor(Date.now() / 1000) - (i * i + 1) * 9000,
      repository_id: i === 0 ? 4 : i === 6 ? 5 : null,
    });
  });
}

export const contributions: Contribution[] = [
  contribution(41, 'pallets/itsdangerous', { title: 'Say which signature did not match', state: 'merged', elsewhere: true }),
  contribution(388, 'tokio-rs/mini-redis', { kind: 'issue', title: 'SUBSCRIBE loses the first message when two clients share a connection and one of them is slow to read', elsewhere: true, url: 'https://github.com/tokio-rs/mini-redis/issues/388' }),
  contribution(12, 'nitc-acm/placement-portal', { kind: 'review', title: 'Shortlists by branch', state: 'merged', elsewhere: true }),
  contribution(7, 'asha/tracker', { title: 'Remind the late ones by e-mail' }),
  contribution(5, 'asha/tracker', { kind: 'issue', title: 'Times are shown in UTC', state: 'closed' }),
];
