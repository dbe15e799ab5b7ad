/// All that the pages of jobs show: the openings, the boards they come from, applications and wishes.
import type { Backend } from '../../api/backend';
import type { Event } from '../../api/bindings';
import { Applications } from './applications.svelte';
import { Boards } from './boards.svelte';
import { News } from './news.svelte';
import { Openings } from './openings.svelte';
import { Wishes } from './wishes.svelte';

export class Jobs {
  readonly openings: Openings;
  readonly boards: Boards;
  readonly applications: Applications;
  readonly wishes: Wishes;
  readonly news: News;

  constructor(backend: Backend) {
    this.openings = new Openings(backend);
    this.boards = new Boards(backend);
    this.applications = new Applications(backend);
    this.wishes = new Wishes(backend);
    this.news = new News(backend);
  }

  hear(event: Event): void {
    this.openings.hear(event);
    this.boards.hear(event);
    this.applications.hear(event);
    this.wishes.hear(event);
    this.news.hear(event);
  }
}
