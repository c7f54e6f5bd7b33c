export { distance } from './engine';
