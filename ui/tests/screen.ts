/// What a test does with a page: finds things as a user finds them, presses them, and asks axe.
import axe from 'axe-core';
import { flushSync } from 'svelte';
import { expect, vi } from 'vitest';

export const all = <E extends HTMLElement>(selector: string) => [...document.querySelectorAll<E>(selector)];

export const named = (name: string, within: ParentNode = document) =>
  [...within.querySelectorAll<HTMLElement>('button, a, label')].find((one) => one.textContent?.trim() === name);

export async function press(name: string, within?: () => ParentNode | null) {
  const found = await vi.waitFor(() => {
    const one = named(name, within?.() ?? document);
    if (one === undefined) throw new Error(`nothing is named ${name}`);
    return one;
  });
  found.click();
  flushSync();
}

export async function type(label: string, text: string) {
  const input = await vi.waitFor(() => {
    const one = document.querySelector<HTMLInputElement>(`input[aria-label="${label}"]`);
    if (one === null) throw new Error(`no field ${label}`);
    return one;
  });
  input.value = text;
  input.dispatchEvent(new Event('input', { bubbles: true }));
  flushSync();
}

/// Colours and places need a real page: the journeys look at those.
export async function accessible() {
  const { violations } = await axe.run(document.body, { rules: { 'color-contrast': { enabled: false }, region: { enabled: false } } });
  expect(violations.map((one) => `${one.id}: ${one.nodes.map((node) => node.html).join(' ')}`)).toEqual([]);
}
