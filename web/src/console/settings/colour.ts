// Colours of the house.

/** The accent where none is chosen. */
export const honey = '#e8a613';

export const isColour = (text: string) => /^#[0-9a-f]{6}$/i.test(text);
