// The colour scale: a tone from -3 (hostile) to 3 (close), as a class that dashboard.css colours.

export const toneClass = (tone) => (tone === null ? "tone-none" : `tone-${tone < 0 ? "m" : "p"}${Math.abs(tone)}`);

export const toneOf = (config, value) => (config.values[value] ? config.values[value].tone : 0);

// Tones that also have a pattern, for eyes and printers without colours.
export const patternOf = (tone) => (tone !== null && tone < 0 ? `url(#pattern-m${-tone})` : null);
