print("sertrain")
