price * 0.5
