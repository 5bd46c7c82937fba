import { createStore } from '../lib/store';

/** Whether the rail is drawn out where the page is too narrow to show it. */
export const railOpen = createStore(false);
export const openRail = () => railOpen.set(true);
export const closeRail = () => railOpen.set(false);
