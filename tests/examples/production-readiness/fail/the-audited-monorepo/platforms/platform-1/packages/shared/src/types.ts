export interface Contract {
  id: string;
  title: string;
}
