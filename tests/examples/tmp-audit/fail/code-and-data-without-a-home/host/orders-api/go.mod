module orders
