// Colours, radius and sizes of the page: warm greys, and one accent, that of the
// house or else honey.
import { createTheme, type CSSVariablesResolver, type MantineColorsTuple } from '@mantine/core';
import { away, blend, shadesOf, tint } from '../lib/accent';

const honey: MantineColorsTuple = [
  '#fff8e6', '#ffedc4', '#fbdc94', '#f6c95f', '#f0b731', '#e8a613', '#d69305', '#a86f02', '#875800', '#634105',
];

const gray: MantineColorsTuple = [
  '#faf9f7', '#f4f2ee', '#eae7e1', '#ddd9d1', '#c8c3b9', '#a59f94', '#7c766b', '#635e55', '#45413a', '#2b2823',
];

const dark: MantineColorsTuple = [
  '#dedbd5', '#bcb8b0', '#9a958b', '#6b665d', '#45413b', '#34312c', '#292723', '#1e1c1a', '#181715', '#12110f',
];

const red: MantineColorsTuple = [
  '#fdecea', '#f9d3cf', '#f6a59c', '#ef7d71', '#e5604d', '#c23528', '#b3261e', '#9b1f18', '#7d1812', '#5f130f',
];

const white = '#ffffff';
const black = '#000000';

// The light page and the dark one: the ground of most, the darkest or lightest
// ground on which words of the accent stand, and the faintest words of all.
const sheets = {
  light: { ground: white, worst: gray[2], faint: gray[7], selected: 0.08, line: 0.45 },
  dark: { ground: dark[7], worst: dark[5], faint: dark[2], selected: 0.16, line: 0.4 },
} as const;

/** The colours that an accent gives to a light or dark page, each fit to be read. */
export function accentOn(scheme: keyof typeof sheets, accent: string) {
  const { ground, worst, faint, selected, line } = sheets[scheme];
  const { fill, over, on } = shadesOf(accent, ground);
  return {
    fill, over, on,
    text: away(accent, worst, 4.5),
    focus: away(accent, worst, 3),
    selected: tint(ground, accent, selected, faint),
    selectedOver: tint(ground, accent, selected * 1.5, faint),
    line: blend(ground, fill, line),
  };
}

/** The accent in ten shades, of which the sixth fills what is light and the fifth what is dark. */
function shadesFrom(accent: string): MantineColorsTuple {
  const light = accentOn('light', accent);
  const { fill } = light;
  return [
    light.selected, blend(white, fill, 0.2), blend(white, fill, 0.4), light.line, accentOn('dark', accent).fill,
    fill, blend(fill, black, 0.12), light.focus, light.text, blend(light.text, black, 0.25),
  ];
}

/** The theme of a house; one without a colour of its own has that of honey. */
export const themeOf = (accent: string) => (accent === '' ? theme : { ...theme, colors: { ...theme.colors, honey: shadesFrom(accent) } });

/** The variables that go with the theme. */
export function variablesOf(accent: string): CSSVariablesResolver {
  if (accent === '') return variables;
  const of = (scheme: keyof typeof sheets) => {
    const own = accentOn(scheme, accent);
    return {
      '--mantine-color-honey-filled-hover': own.over,
      '--mantine-color-honey-text': own.text,
      '--mantine-color-honey-light': own.selected,
      '--mantine-color-honey-light-hover': own.selectedOver,
      '--mantine-color-honey-light-color': own.text,
      '--mantine-color-honey-outline': own.text,
      '--mantine-color-anchor': own.text,
      '--alv-selected': own.selected,
      '--alv-selected-line': own.line,
      '--alv-accent': own.text,
      '--alv-focus': own.focus,
    };
  };
  const light = of('light');
  const darker = of('dark');
  return (given) => {
    const all = variables(given);
    return { ...all, light: { ...all.light, ...light }, dark: { ...all.dark, ...darker } };
  };
}

const theme = createTheme({
  primaryColor: 'honey',
  primaryShade: { light: 5, dark: 4 },
  autoContrast: true,
  // Where black begins to be read better than white.
  luminanceThreshold: 0.18,
  colors: { honey, gray, dark, red },
  defaultRadius: 6,
  fontFamily: 'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", Ubuntu, Cantarell, "Helvetica Neue", sans-serif',
  fontFamilyMonospace: 'ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace',
  fontSizes: { xs: '0.75rem', sm: '0.875rem', md: '0.875rem', lg: '1rem', xl: '1.25rem' },
  headings: { fontWeight: '600', sizes: { h1: { fontSize: '1.25rem' }, h2: { fontSize: '1rem' }, h3: { fontSize: '0.875rem' } } },
  cursorType: 'pointer',
  respectReducedMotion: true,
  components: {
    Modal: { defaultProps: { transitionProps: { duration: 120 }, centered: true } },
    Menu: { defaultProps: { transitionProps: { duration: 80 }, shadow: 'md', radius: 6, withInitialFocusPlaceholder: false } },
    Tooltip: { defaultProps: { transitionProps: { duration: 80 }, openDelay: 400, withArrow: false, multiline: true, maw: 320 } },
    Drawer: { defaultProps: { transitionProps: { duration: 140 } } },
  },
});

// Mantine's own dimmed and anchor colours miss the AA contrast on these greys.
const variables: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    '--mantine-color-dimmed': gray[7],
    '--mantine-color-error': red[6],
    '--mantine-color-anchor': honey[8],
    '--mantine-color-placeholder': gray[6],
    '--alv-text': gray[9],
    '--alv-dim': gray[7],
    '--alv-line': gray[2],
    '--alv-rail': gray[0],
    '--alv-hover': gray[1],
    '--alv-float': '#ffffff',
    '--alv-selected': honey[0],
    '--alv-selected-line': honey[3],
    '--alv-accent': honey[8],
    '--alv-focus': honey[7],
  },
  dark: {
    '--mantine-color-dimmed': dark[2],
    '--mantine-color-error': red[2],
    // White stands on it, as on a light page.
    '--mantine-color-red-filled': red[5],
    '--mantine-color-red-filled-hover': red[6],
    '--mantine-color-anchor': honey[4],
    '--mantine-color-placeholder': dark[2],
    '--alv-text': dark[0],
    '--alv-dim': dark[2],
    '--alv-line': dark[5],
    '--alv-rail': dark[8],
    '--alv-hover': dark[6],
    '--alv-float': dark[6],
    '--alv-selected': '#362c17',
    '--alv-selected-line': '#6b5215',
    '--alv-accent': honey[4],
    '--alv-focus': honey[4],
  },
});
