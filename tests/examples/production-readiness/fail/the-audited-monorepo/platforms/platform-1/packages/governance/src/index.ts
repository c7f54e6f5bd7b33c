export { permits, type Policy } from './policy';
