// @vitest-environment jsdom
import { beforeEach, describe, expect, it } from 'vitest';
import { turnBack } from './trap';

let place: HTMLElement;
const get = (id: string) => document.getElementById(id)!;

beforeEach(() => {
  document.body.innerHTML = `<button id="out">out</button><div id="place" tabindex="-1"><button id="first">a</button>
    <div id="stage" tabindex="-1"><p>text</p></div><button id="last">b</button><button tabindex="-1">never</button></div>`;
  place = get('place');
  // jsdom lays nothing out.
  for (const one of place.querySelectorAll('button')) one.checkVisibility = () => true;
});

describe('the Tab key over the whole page', () => {
  it('turns back at the ends', () => {
    expect(turnBack(place, get('last'), false)).toBe(get('first'));
    expect(turnBack(place, get('first'), true)).toBe(get('last'));
  });

  it('is left alone between them', () => {
    expect(turnBack(place, get('first'), false)).toBeUndefined();
    expect(turnBack(place, get('last'), true)).toBeUndefined();
    expect(turnBack(place, get('stage'), false)).toBeUndefined();
    expect(turnBack(place, get('stage'), true)).toBeUndefined();
    expect(turnBack(place, place, false)).toBeUndefined();
  });

  it('comes in from outside', () => {
    expect(turnBack(place, place, true)).toBe(get('last'));
    expect(turnBack(place, get('out'), false)).toBe(get('first'));
    expect(turnBack(place, null, true)).toBe(get('last'));
  });

  it('turns back from a stage with nothing behind it', () => {
    get('last').remove();
    expect(turnBack(place, get('stage'), false)).toBe(get('first'));
  });
});
