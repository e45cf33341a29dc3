print("serd")
