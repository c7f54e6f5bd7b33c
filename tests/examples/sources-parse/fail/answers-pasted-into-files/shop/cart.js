export class Cart {
  add(item) {
    this.items.push(item);
  }

  ... rest of the code remains unchanged
}
