// Colours, radius and sizes of the page: warm greys, one honey accent.
import { createTheme, type CSSVariablesResolver, type MantineColorsTuple } from '@mantine/core';

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

export const theme = createTheme({
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
export const variables: CSSVariablesResolver = () => ({
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
